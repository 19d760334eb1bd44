"""What a run tells besides passing: seeds and times."""

import sys


def tell(text: str) -> None:
    """One line; pytest shows it when the test fails, or with -s."""
    sys.stdout.write(text + "\n")
