"""The live fold of one projection: follows its pointer, whoever moves it."""

import logging
import time

from shared.project.journal import Journal
from shared.project.pointer import REMEMBERED_SECONDS, Pointer, pointer, prepare_projection
from shared.project.projection import Projection
from shared.project.rebuild import RUNNING, Rebuild
from shared.project.runner import Runner
from shared.project.target import Checkpoint, StaleCheckpoint, Target
from shared.telemetry.metrics import FOLD_LAG

log = logging.getLogger(__name__)


class Live:
    """Steps the runner of the collection in use; views of an older version are served, but not folded."""

    def __init__(self, journal: Journal, projection: Projection) -> None:
        self.projection, self._journal = projection, journal
        self.rebuild = Rebuild(journal, projection)
        self._runner: Runner | None = None
        self._look_at = 0.0

    def prepare(self) -> None:
        """Create what is missing; begin a rebuild when the version in use is another one than the code's."""
        known = prepare_projection(self._journal.database, self.projection, self._journal.head())
        running = any(job.state == RUNNING for job in self.rebuild.jobs())
        if known.version != self.projection.version and not running:
            self.rebuild.begin()

    def step(self) -> int:
        """Fold the next entries; return how many, 0 when caught up."""
        runner = self._following()
        if runner is None:
            return 0
        try:
            taken = runner.step()
        except StaleCheckpoint as stale:
            log.warning("%s: %s", self.projection.name, stale)
            self._runner = None
            return 1
        lag = self._journal.head() - runner.target.at.position if taken else 0
        FOLD_LAG.labels(self.projection.name).set(lag)
        return taken

    def runner(self) -> Runner | None:
        """Return the runner of the collection in use, None while that is of another version."""
        known = self.pointer()
        if known.version != self.projection.version:
            return None
        if self._runner is None or self._runner.target.collection != known.collection:
            target = Target(self._journal.database, known.collection)
            self._runner = Runner(self.projection, self._journal, target)
        return self._runner

    def _following(self) -> Runner | None:
        # A pointer that has moved in the meantime is noticed by the flush: the old checkpoint is gone.
        if self._runner is None or time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + REMEMBERED_SECONDS
            return self.runner()
        return self._runner

    def pointer(self) -> Pointer:
        """Return the pointer as stored."""
        return pointer(self._journal.database, self.projection.name)

    def checkpoint(self) -> Checkpoint:
        """Return how far the views that readers see are."""
        runner = self._runner or self.runner()
        return runner.target.visible if runner else Checkpoint()

    def run_rebuilds(self) -> int:
        """Run the rebuilds that wait or were interrupted; return how many."""
        waiting = [job for job in self.rebuild.jobs() if job.state == RUNNING]
        for job in waiting:
            self.rebuild.run(job.collection, self.runner())
        return len(waiting)
