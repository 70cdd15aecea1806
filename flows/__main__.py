"""`python -m flows` is `swaps`."""

from flows.cli import main

main()
