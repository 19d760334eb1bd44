"""The kinds of failure. Adapters translate driver errors into them; HTTP maps them in one table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong: JSON pointer of the field, and the reason in words."""

    pointer: str
    detail: str


class Error(Exception):
    """Root of every error Rapport raises on purpose."""


class Rejected(Error):
    """The domain refuses; repeating the same request gives the same refusal."""


class Invalid(Rejected):
    """The input is wrong; `errors` names every field and the reason."""

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{e.pointer or '/'}: {e.detail}" for e in errors))


class NotFound(Rejected):
    """The thing named does not exist."""


class Conflict(Rejected):
    """The thing exists in a state, or with a content, that forbids the request."""


class WrongExpectedVersion(Error):
    """Somebody else wrote to the stream first: read again and decide again."""

    def __init__(self, stream: str, expected: object, actual: int | None = None) -> None:
        self.stream, self.expected, self.actual = stream, expected, actual
        at = "" if actual is None else f", it is at {actual}"
        super().__init__(f"{stream} was expected at version {expected}{at}")


class Denied(Error):
    """The caller is unknown (`known=False`) or lacks the scope."""

    def __init__(self, detail: str, *, known: bool = True) -> None:
        self.known = known
        super().__init__(detail)


class Unavailable(Error):
    """A dependency is away; the same request may succeed after `retry_after` seconds."""

    def __init__(self, detail: str, retry_after: int = 2) -> None:
        self.retry_after = retry_after
        super().__init__(detail)


class Corrupt(Error):
    """Stored facts contradict each other: stop and alarm, never guess."""
