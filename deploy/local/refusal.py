"""What the person at the terminal is told when something cannot be done."""


class Refusal(Exception):  # noqa: N818
    """One clear sentence: what is in the way and who can change it."""
