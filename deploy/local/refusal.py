"""What the person at the terminal is told when something cannot be done."""


class Refusal(Exception):
    """One clear sentence: what is in the way and who can change it."""
