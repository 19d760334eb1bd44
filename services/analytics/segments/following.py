"""The loop that keeps standings true: as events arrive, as time goes, when what judges them changes."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING

from services.analytics.predictions.models import named
from services.analytics.segments.calibrating import Calibrating
from services.analytics.segments.criteria import InForce
from services.analytics.segments.jobs import Jobs
from services.analytics.segments.standings import Occasion, Standings
from services.analytics.segments.writing import DUE
from services.analytics.views.segments import DEFINED, SEGMENTS
from services.analytics.views.traits import TRAITS
from shared.events import Event
from shared.events.clock import Clock
from shared.project.aliases import edge_of
from shared.project.entry import Entry
from shared.project.folds import Folds
from shared.project.forest import Forest
from shared.project.journal import Journal
from shared.relay.lease import Leadership
from shared.store.client import answering
from shared.store.port import Commit, Store
from shared.store.write import Put

MARK, AT = "assessing", "journal"
LOT, DUE_LOT = 1_000, 200
DUE_SECONDS = 1.0
JUDGED = {"ValueScaleCalibrated": "scale", "RatingPublished": "rating"}


@dataclass
class Following:
    """One leader follows the folds of traits and of definitions; views that are rebuilt change nothing here.

    A lot is marked as done after its standings are written: after a crash it is done again and finds nothing.
    """

    store: Store
    journal: Journal
    folds: Folds
    standings: Standings
    jobs: Jobs
    calibrating: Calibrating
    inforce: InForce
    leadership: Leadership
    clock: Clock
    _generation: int = 0
    _position: int = 0
    _look_at: float = 0.0
    _model: str = ""

    def prepare(self) -> None:
        """Make the index that due assessments are found by."""
        with answering():
            due = self.journal.database[DUE]
            due.create_index([("shelf", ASCENDING), ("due_at", ASCENDING)], name="shelf_due")

    def step(self) -> int:
        """Assess who was touched, who is due, and the next of a walk over all; return how many that were."""
        if not self.leadership.hold():
            return 0
        if self.leadership.generation != self._generation:
            self._generation = self.leadership.generation
            self.standings.forget()
            self.jobs.forget()
            self._position = int(self.store.fetch(MARK, [AT]).get(AT, {}).get("position", 0))
        touched = self._touched()
        self.calibrating.step(self._position)
        self._modelled()
        return touched + self._due() + self._walked()

    def progress(self) -> dict[str, Any]:
        """Return up to where of the journal customers are assessed, and what is to come.

        Whether a calibration is to come is known where the leader runs.
        """
        position = int(self.store.fetch(MARK, [AT]).get(AT, {}).get("position", 0))
        behind = max(0, self.journal.head() - position)
        return {"position": position, "behind": behind, "calibrating": self.calibrating.pending}

    def release(self) -> None:
        """Let the next leader begin at once."""
        self.leadership.release()

    def _touched(self) -> int:
        position = self._position
        folded = min(self.folds.lives[name].checkpoint().position for name in (TRAITS.name, SEGMENTS.name))
        if folded <= position:
            return 0
        entries = self.journal.read(position, min(LOT, folded - position))
        upto = entries[-1].position
        self.jobs.ask(dict(_changes(entries)))
        forest = Forest(self.journal.database)
        self._assess(*_touched(entries, forest), upto, forest)
        self.calibrating.hear(entry.event for entry in entries)
        self.store.commit([Commit((), (Put(MARK, {"_id": AT, "position": upto}),))])
        self._position = upto
        return len(entries)

    def _modelled(self) -> None:
        """Ask for an assessment of all by a churn model that was fitted since; once for each model."""
        churn = self.inforce.churn()
        if churn and named(churn) != self._model:
            self._model = named(churn)
            self.jobs.ask({self._model: {"reason": "ModelFitted", "model": self._model}})

    def _due(self) -> int:
        if time.monotonic() < self._look_at:
            return 0
        wanted = {"shelf": 0, "due_at": {"$lte": self.clock()}}
        with answering():
            found = self.journal.database[DUE].find(wanted).sort("due_at", ASCENDING).limit(DUE_LOT)
            due = [document["_id"] for document in found]
        self._again(due)
        if len(due) < DUE_LOT:
            self._look_at = time.monotonic() + DUE_SECONDS
        return len(due)

    def _walked(self) -> int:
        customers = self.jobs.next()
        self._again(customers)
        if customers or self.jobs.walking:
            self.jobs.done(customers)
        return len(customers)

    def _again(self, refs: Sequence[str]) -> None:
        """Assess without an event: a ref that goes on as another one leads to that one."""
        if refs:
            forest = Forest(self.journal.database)
            roots = forest.roots(refs)
            strays = frozenset(roots[ref] for ref in refs if roots[ref] != ref)
            self._assess(dict.fromkeys(roots.values()), strays, self.journal.head(), forest)
            if absorbed := [ref for ref in refs if roots[ref] != ref]:
                self.standings.undue(absorbed)

    def _assess(
        self, causes: Mapping[str, Event | None], moved: frozenset[str], position: int, forest: Forest
    ) -> None:
        if causes:
            self.standings.assess(Occasion(position, causes, moved), forest)


def _changes(entries: Iterable[Entry]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the jobs that a lot asks for: rules, the scale and the rating concern everybody."""
    for entry in entries:
        event = entry.event
        if event.type in DEFINED:
            version = event.data.get("version")
            about = {"segment_id": event.data["segment_id"], "segment_version": version}
            yield f"{event.stream}@{event.version}", {"reason": event.type, **about}
        elif event.type in JUDGED:
            about = {JUDGED[event.type]: event.data["version"]}
            yield f"{event.stream}@{event.version}", {"reason": event.type, **about}


def _touched(entries: Iterable[Entry], forest: Forest) -> tuple[dict[str, Event | None], frozenset[str]]:
    """Return the customers a lot touches, each with the last event that does, and those who are others now.

    An identity event touches all it names, and all who were above the one it speaks of.
    """
    known = list(entries)
    edges = [(entry.event, edge) for entry in known if (edge := edge_of(entry.event))]
    aliases = forest.aliases({edge.child for _, edge in edges})
    named: dict[str, Event | None] = {}
    for event, edge in edges:
        above = aliases.get(edge.child, {}).get("seen", ())
        named.update(dict.fromkeys((edge.child, edge.parent, *above), event))
    heard = [e.event for e in known if e.event.type in TRAITS.types and e.event.meta.customer]
    touched = {**named, **{str(event.meta.customer): event for event in heard}}
    roots = forest.roots(touched)
    return {roots[ref]: event for ref, event in touched.items()}, frozenset(roots[ref] for ref in named)
