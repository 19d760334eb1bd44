"""Frozen audiences: the lists themselves, kept beside the log in parts of a few hundred."""

from collections.abc import Iterator

from services.campaigns.domain.campaign import Campaign, FreezeAudience
from services.campaigns.domain.campaign.audience import list_hash
from shared.decide import Context, Loaded, Streams
from shared.store.lots import in_lots
from shared.store.port import Done, Store
from shared.store.write import Put

AUDIENCES = "audiences"
PART = 250


class Audiences:
    """A list is named by its hash and changes never; it is stored in the transaction that freezes it."""

    def __init__(self, store: Store, campaigns: Streams[Campaign]) -> None:
        self._store, self._campaigns = store, campaigns

    def freeze(
        self, command: FreezeAudience, context: Context, expected: int | None
    ) -> tuple[Done, Loaded[Campaign]]:
        """Freeze the audience of a campaign. Raises Rejected."""
        writes = list(_parts(command.members))
        return self._campaigns.handle(command.campaign_id, command, context, expected, writes)

    def part(self, hash_: str, number: int) -> list[str]:
        """Return one part of a list, in the order of its ids; empty behind the last."""
        key = f"{hash_}.{number}"
        return list(self._store.fetch(AUDIENCES, [key]).get(key, {}).get("members", ()))


def _parts(members: tuple[str, ...]) -> Iterator[Put]:
    ordered, name = sorted(set(members)), list_hash(members)
    for number, part in enumerate(in_lots(ordered, PART)):
        yield Put(AUDIENCES, {"_id": f"{name}.{number}", "members": part})
