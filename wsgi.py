"""The application a WSGI server loads."""

import gc

from timebank.app import create_app
from timebank.settings import load

app = create_app(load())
# What was made until here stays for as long as the process: the collector need not walk through it again and again.
gc.collect()
gc.freeze()
