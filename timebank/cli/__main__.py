"""`python -m timebank.cli`, as `timebank`."""

from timebank.cli import main

main()
