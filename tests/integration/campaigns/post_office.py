"""People who may be written to, a campaign for them, and what the mail server got."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.campaigns.bootstrap import build
from services.campaigns.domain.recipient import to_document
from services.campaigns.mailing.people import RECIPIENTS
from shared.config import Settings
from shared.privacy import Vault
from shared.store.port import Commit
from shared.store.write import Put
from tests.stack import RunningStack
from tests.unit.campaigns.people_news import consent, linked, recipient

LOT = 250
PLAN = {
    "name": "Spring",
    "objective": {"metric": "deposits", "baseline": 100, "target": 120, "by": "2026-12-31"},
    "budget": {"amount": 100_000, "currency": "GBP"},
    "channels": ["email"],
    "templates": ["hello"],
}
WORDS = {"sender": "shop@example.com", "subject": "Spring", "text": "Hello {{ person.given_name or 'you' }}"}


class PostOffice:
    """A running stack, and the file the mail server writes."""

    def __init__(self, stack: RunningStack, inbox: Path) -> None:
        self.stack, self.inbox = stack, inbox

    def know(self, people: Sequence[str], refusing: Sequence[str] = ()) -> None:
        """Let campaigns know these people; all but the refusing ones have given their consent."""
        wiring = build(Settings.read(self.stack.environment("campaigns"), "campaigns"))
        for first in range(0, len(people), LOT):
            lot = people[first : first + LOT]
            wiring.vault.prepare(lot)
            puts = tuple(_known(wiring.vault, person, person not in refusing) for person in lot)
            wiring.store.commit([Commit((), puts)])
        wiring.close()

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One command to campaigns."""
        answer = self.stack.post("campaigns", f"/v1/{path}", json=body or {})
        assert answer.ok, answer.text
        return dict(answer.json())

    def launch(self, people: Sequence[str], control_share: float = 0.0) -> None:
        """Plan the campaign, freeze its audience, start it."""
        self.post("templates/hello/define", WORDS)
        self.post("campaigns/spring/plan", PLAN)
        segment = {"segment_id": "all", "segment_version": 1, "as_of": "2026-05-01T10:00:00Z"}
        drawn = {"watermark": "0", "seed": "s", "control_share": control_share}
        self.post("campaigns/spring/freeze-audience", {**segment, **drawn, "members": list(people)})
        self.post("campaigns/spring/launch")

    def pile(self, status: str) -> list[dict[str, Any]]:
        """Every message of the campaign in this status."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            path = f"/v1/messages?pile=spring:{status}&limit=100{cursor}"
            page = self.stack.get("campaigns", path).json()
            found += page["items"]
            if not page.get("next_cursor"):
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def any_left(self) -> bool:
        """Whether a message is still queued, or some are not even that."""
        path = "/v1/messages?pile=spring:queued&limit=1"
        return bool(self.stack.get("campaigns", path).json()["items"])

    def settle(self) -> int:
        """Ask the mail server about every parked message, and say what it knows; return how many."""
        arrived = {line.split()[1].strip("<>").partition("@")[0] for line in self.lines()}
        parked = self.pile("unknown")
        for line in parked:
            key = line["id"]
            attempts = self.stack.get("campaigns", f"/v1/messages/{key}").json()["state"]["attempt"]
            self.post(f"messages/{key}/settle", {"arrived": f"{key}.{attempts}" in arrived})
        return len(parked)

    def lines(self) -> list[str]:
        """What the mail server has accepted."""
        return self.inbox.read_text(encoding="utf-8").splitlines()

    def received(self) -> Counter[str]:
        """How many messages each address got."""
        return Counter(line.split()[0] for line in self.lines())


def address(person: str) -> str:
    """Return the address of a person."""
    return f"{person}@example.com"


def _known(vault: Vault, person: str, allows: bool) -> Put:
    sealed = vault.seal(person, f"contact-{person}", {"value": address(person)}, ("value",))["value"]
    told = [linked(f"ref-{person}", sealed, contact_id=person)]
    told += [consent(True, f"consent-{person}", 0, contact_id=person)] if allows else []
    return Put(RECIPIENTS, {"_id": person, "revision": 1, **to_document(recipient(*told, key=person))})
