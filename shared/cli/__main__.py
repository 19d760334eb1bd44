"""`python -m shared.cli`."""

from shared.cli import main

main(prog_name="rapport")
