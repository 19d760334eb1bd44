"""Hand messages to a mail server, and tell exactly what is known of the outcome."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from shared.consume.effects import Unsent

SECONDS = 30


class Refused(Exception):
    """The server refused the message for good or for now: `hard` tells which."""

    def __init__(self, hard: bool, detail: str) -> None:
        self.hard = hard
        super().__init__(detail)


class Smtp:
    """One server, by its URL; a conversation is opened for a lot of messages."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    @contextmanager
    def conversation(self) -> Iterator[smtplib.SMTP]:
        """Give a connection. Raises Unsent when the server is away."""
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Unsent(f"the mail server does not answer: {error}") from error
        try:
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):  # a goodbye that is not heard changes nothing
                server.quit()

    def _connect(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self._url.scheme == "smtps" else smtplib.SMTP
        server = kind(self._url.hostname or "localhost", self._url.port or 0, timeout=SECONDS)
        server.ehlo()
        if self._url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
            server.ehlo()
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))
        return server


def deliver(server: smtplib.SMTP, message: EmailMessage, sender: str, recipient: str) -> None:
    """Send one message. Raises Refused; Unsent when it certainly did not leave; else there is doubt."""
    data, by, to = message.as_bytes(), _spoken(sender), _spoken(recipient)
    try:
        _accepted(*server.mail(by))
        _accepted(*server.rcpt(to))
    except Refused:
        _reset(server)
        raise
    except (OSError, smtplib.SMTPException) as error:
        raise Unsent(f"the mail server hung up: {error}") from error
    try:
        _accepted(*server.data(data))
    except smtplib.SMTPDataError as error:  # refused before a word of it was sent
        _reset(server)
        _accepted(error.smtp_code, _bytes(error.smtp_error))


def _spoken(address: str) -> str:
    """Return an address in the letters of SMTP: a domain in others has a name in these. Raises Refused.

    Raised before a word is said, so that the next message begins a conversation that is in order.
    """
    local, _, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise Refused(True, "the address has letters that mail cannot be sent to") from error


def _reset(server: smtplib.SMTP) -> None:
    with suppress(OSError, smtplib.SMTPException):  # who hung up with the refusal needs none
        server.rset()


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _accepted(code: int, said: bytes) -> None:
    if not 200 <= code < 300:
        raise Refused(code >= 500, f"{code} {said.decode('utf-8', 'replace')}"[:500])
