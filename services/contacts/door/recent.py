"""What has come through before: remembered lately, and looked up among the receipts for ever."""

import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from shared.errors import Unavailable
from shared.receive import Heard
from shared.receive.records import RECEIPTS
from shared.store.port import Store

KEPT = 100_000
log = logging.getLogger(__name__)


class Recent:
    """Fingerprints by source and id. The receivers decide in the end; this tells the sender at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, str] = OrderedDict()

    def known(self, heard: Sequence[Heard]) -> dict[str, str]:
        """Return the fingerprint of every event that was taken before."""
        found = {h.key: self._kept[h.key] for h in heard if h.key in self._kept}
        rest = [h.key for h in heard if h.key not in found]
        return found | (self._received(rest) if rest else {})

    def _received(self, keys: Sequence[str]) -> dict[str, str]:
        try:
            receipts = self._store.fetch(RECEIPTS, keys)
        except Unavailable as error:  # the broker is enough to accept an event; the receivers know duplicates
            log.warning("receipts can not be read: %s", error)
            return {}
        return {
            key: str(receipt["fingerprint"]) for key, receipt in receipts.items() if "fingerprint" in receipt
        }

    def add(self, seen: Mapping[str, str]) -> None:
        """Remember events that were just accepted."""
        for key, fingerprint in seen.items():
            self._kept.setdefault(key, fingerprint)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
