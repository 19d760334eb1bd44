"""Which published messages the broker has answered for."""


class Confirms:
    """Delivery tags from 1, in publishing order.

    Answers come out of order and mix single with multiple (proved by tests/unit/test_confirms.py), so every
    tag is tracked; counting up to the last one would lose count.
    """

    def __init__(self) -> None:
        self.sent = 0
        self.nacked: list[int] = []
        self._open: set[int] = set()
        self._low = 1

    @property
    def open(self) -> int:
        """How many published messages are not answered yet."""
        return len(self._open)

    def next(self) -> int:
        """Take the tag of the next message."""
        self.sent += 1
        self._open.add(self.sent)
        return self.sent

    def ack(self, tag: int, multiple: bool) -> None:
        """Note that the broker took the message, or all up to it."""
        self._answer(tag, multiple)

    def nack(self, tag: int, multiple: bool) -> None:
        """Note that the broker refused the message, or all up to it that are still open."""
        self.nacked += self._answer(tag, multiple)

    def _answer(self, tag: int, multiple: bool) -> list[int]:
        tags = range(self._low, tag + 1) if multiple else range(tag, tag + 1)
        answered = [each for each in tags if each in self._open]
        self._open.difference_update(answered)
        if multiple:
            self._low = max(self._low, tag + 1)
        return answered
