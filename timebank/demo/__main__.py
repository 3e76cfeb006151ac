"""`python -m timebank.demo`: the demo, without the rest of the commands."""

import sys

from timebank.cli import main

main(["demo", *sys.argv[1:]])
