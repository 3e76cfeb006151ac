"""Benchmarks: ratios against a floor measured in the same run (`./run bench`)."""

import warnings

# Said by what starts PostgreSQL where nobody is logged in; it has no bearing on a measurement.
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
