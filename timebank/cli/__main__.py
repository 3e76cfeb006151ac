"""`python -m timebank.cli`, as `timebank`."""

from timebank.cli import main

if __name__ == "__main__":
    main()
