"""A mail server in a process of its own: `python -m tests.mail_server <port> <file>`.

It writes one line per message it has accepted, before it says so: recipient, Message-ID, List-Unsubscribe,
first link in the text.
Mail to `nobody@...` is refused for good, the first one to `later@...` for now.
"""

import asyncio
import re
import sys
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


def first_link(mail: Any) -> str | None:
    """Return the first address in the plain text of a message."""
    body = mail.get_body(("plain",))
    found = re.search(r"https?://\S+", body.get_content()) if body else None
    return found[0] if found else None


class Mailbox:
    """Accepts everything and remembers it."""

    def __init__(self, path: Path) -> None:
        self.lines = path.open("a", encoding="utf-8", buffering=1)
        self.put_off: set[str] = set()

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        """Refuse nobody."""
        if address.startswith("nobody@"):
            return "550 no such user"
        if address.startswith("later@") and address not in self.put_off:
            self.put_off.add(address)
            return "451 greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        """Write it down, then accept."""
        mail = message_from_bytes(envelope.content, policy=default)
        said = f"{envelope.rcpt_tos[0]} {mail['Message-ID']} {mail['List-Unsubscribe']}"
        self.lines.write(f"{said} {first_link(mail)}\n")
        return "250 accepted"


async def serve(port: int, path: Path) -> None:
    """Serve until the process is ended."""
    mailbox: Any = Mailbox(path)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
