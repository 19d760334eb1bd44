"""Duplicates found in the background: incrementally, once each, without a trace of the person."""

from services.contacts.domain.contact import AddContactPoint, ChangeProfile, DismissDuplicate, Suspect
from services.contacts.duplicates.finding import Finding
from services.contacts.duplicates.portraits import Portraits
from services.contacts.duplicates.routes import Queue
from shared.events.clock import now
from shared.relay.lease import Leadership
from shared.relay.memory import MemoryRelayState
from shared.testing.lines import Lines
from tests.unit.contacts.office import Office

ADA = {"given_name": "Ada", "family_name": "Lovelace", "birth_date": "1815-12-10"}
ADDA = {"given_name": "Adda", "family_name": "Lovelase", "birth_date": "1815-12-10"}


class Search(Office):
    """An office with the background search; one step looks at everything new."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.contacts = self.streams["contact"]
        self.finding = self.another("one")

    def another(self, name: str) -> Finding:
        """The search of another replica."""
        leadership = Leadership(self.lease, "duplicates", name, now)
        portraits = Portraits(self.store, self.vault)
        return Finding(self.store, self.contacts, portraits, self.refs, leadership, now, lambda: 0.0)

    lease = MemoryRelayState()

    def suspected(self) -> list[tuple[str, str]]:
        """Look at what is new; return every pair ever suspected."""
        while self.finding.step():
            pass
        told = [e for e in self.store.events if e.type == "DuplicateSuspected"]
        return [(e.data["contact_id"], e.data["other_id"]) for e in told]


def pair(search: Search) -> tuple[str, str]:
    """Two contacts of one person, the lesser id first."""
    one = search.register(ADA, email="ada@example.org").contact_id
    other = search.register(ADDA, email="a.lovelace@example.org").contact_id
    return min(one, other), max(one, other)


def test_a_likely_pair_is_suspected_once_with_its_reasons() -> None:
    """Whoever comes second is compared with who is there; looking again finds nothing new."""
    search = Search()
    expected = pair(search)
    assert search.suspected() == [expected]
    told = search.store.events[-1]
    assert float(told.data["score"]) > 0.9
    assert list(told.data["reasons"]) == ["given name alike", "family name alike", "date of birth the same"]
    assert told.meta.actor == "system:likeness"
    search.do(ChangeProfile(expected[0], "country", "GB"))
    assert search.suspected() == [expected]


def test_what_is_learned_later_is_compared_with_who_is_there() -> None:
    """A postal address and a name that come later make the pair likely."""
    search = Search()
    one = search.register({"name": "Ada Lovelace"}, email="ada@example.org").contact_id
    other = search.register({"name": "Ada Lovelace"}, email="a@example.org").contact_id
    assert search.suspected() == []
    for contact, text in ((one, "12 St James's Square, London 1011"), (other, "12 St. James Sq London 1011")):
        search.do(AddContactPoint(contact, "postal", text))
    assert search.suspected() == [(min(one, other), max(one, other))]


def test_nothing_kept_for_the_search_tells_of_a_person() -> None:
    """Blocks and places hold keyed hashes and contact ids."""
    search = Search()
    pair(search)
    search.suspected()
    kept = str({name: search.store.documents[name] for name in ("blocks", "block_places")}).casefold()
    assert "block" in kept
    assert not any(word in kept for word in ("ada", "lovel", "1815", "l142"))


def test_dismissed_merged_and_erased_contacts_are_not_suspected_again() -> None:
    """A person has looked, or there is nobody to look at any more."""
    search = Search()
    one, other = pair(search)
    search.suspected()
    search.do(DismissDuplicate(one, other, "mother and daughter"))
    search.do(ChangeProfile(other, "family_name", "Lovelace"))
    assert search.suspected() == [(one, other)]
    third = search.register(ADA, email="third@example.org").contact_id
    search.erasure.erase(third, "r-1", search.context())
    assert search.suspected() == [(one, other)]
    assert all(third not in block["contacts"] for block in search.store.documents["blocks"].values())


def test_one_replica_searches_at_a_time() -> None:
    """The other waits for the lease."""
    search = Search()
    pair(search)
    assert search.finding.step() > 0
    assert search.another("two").step() == 0


def test_the_queue_tells_pairs_until_they_are_settled() -> None:
    """Row 22: each item with its reasons; merged and dismissed ones are gone, their events say by whom."""
    search = Search()
    one, other = pair(search)
    search.suspected()
    by_hand = search.register({"name": "Cleo"}, email="cleo@example.org").contact_id
    search.do(Suspect(by_hand, one))
    queue = Queue(Lines(search.store, "contact"), search.contacts, search.index)  # type: ignore[arg-type]
    first, more = queue.page(None, 1)
    rest, end = queue.page(more, 1)
    items = {(i["contact_id"], i["other_id"]): i for i in (*first, *rest)}
    assert end is None
    assert items.keys() == {(one, other), (by_hand, one)}
    assert (items[by_hand, one]["rule"], items[by_hand, one]["score"]) == ("by hand", None)
    assert "date of birth the same" in items[one, other]["reasons"]
    search.merging.merge(one, other, "same person", search.context())
    search.do(DismissDuplicate(by_hand, one, "no"))
    assert queue.page(None, 10) == ([], None)
