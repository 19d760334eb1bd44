"""The addresses in a message that lead back here."""

from shared.mail.tokens import Tokens


class Links:
    """The addresses in a message that lead back here."""

    def __init__(self, base: str, tokens: Tokens) -> None:
        self._base, self._tokens = base, tokens

    def unsubscribe(self, message_id: str) -> str:
        """Where the person ends it."""
        return f"{self._base}/m/unsubscribe/{self._tokens.make('unsubscribe', message_id)}"

    def opened(self, message_id: str) -> str:
        """An image that is fetched when the message is shown."""
        return f"{self._base}/m/open/{self._tokens.make('open', message_id)}"

    def to(self, message_id: str, url: str) -> str:
        """A way to `url` on which clicks are seen."""
        return f"{self._base}/m/click/{self._tokens.make('click', message_id, url)}"
