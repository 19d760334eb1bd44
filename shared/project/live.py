"""The live fold of one projection: follows its pointer, whoever moves it."""

import logging
import time

from shared.project.forest import Forest
from shared.project.hot import Hot
from shared.project.journal import Journal
from shared.project.pointer import Pointer, pointer, prepare_projection
from shared.project.projection import Projection
from shared.project.rebuild import RUNNING, Rebuild
from shared.project.runner import Runner
from shared.project.target import Checkpoint, StaleCheckpoint, Target
from shared.telemetry.metrics import LOOP_FAILURES

log = logging.getLogger(__name__)
REST_SECONDS = 2.0


class Live:
    """Holds the runner of the collection in use; views of an older version are served, but not folded.

    `trouble` is why folding failed last, as long as it lasts.
    """

    def __init__(self, journal: Journal, projection: Projection, hot: Hot, forest: Forest) -> None:
        self.projection, self._journal, self._hot, self._forest = projection, journal, hot, forest
        self.rebuild = Rebuild(journal, projection)
        self.trouble: str | None = None
        self._runner: Runner | None = None
        self._rests_until = 0.0

    def prepare(self) -> None:
        """Create what is missing; begin a rebuild when the version in use is another one than the code's."""
        known = prepare_projection(self._journal.database, self.projection, self._journal.head())
        running = any(job.state == RUNNING for job in self.rebuild.jobs())
        if known.version != self.projection.version and not running:
            self.rebuild.begin()

    def ready(self, known: Pointer) -> Runner | None:
        """Return the runner to step now: None during a rebuild for a new version, or after a failure."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return self._of(known)
        except StaleCheckpoint as stale:
            self.drop(stale)
            return None

    def runner(self) -> Runner | None:
        """Return the runner of the collection in use, None while that is of another version."""
        return self._of(self.pointer())

    def drop(self, stale: StaleCheckpoint | None = None) -> None:
        """Forget what is in memory: the next step starts again from what is stored."""
        if stale:
            log.warning("%s: %s", self.projection.name, stale)
        self._runner = None

    def fail(self, error: Exception) -> None:
        """Take note that folding failed; it is tried again after a rest, so that the others go on."""
        LOOP_FAILURES.labels(f"fold:{self.projection.name}").inc()
        self.trouble = f"fold:{self.projection.name}: {error!r}"
        log.warning("%s can not be folded: %r", self.projection.name, error)
        self._rests_until = time.monotonic() + REST_SECONDS
        self.drop()

    def stepped(self, runner: Runner) -> None:
        """Take note that a step is over: the trouble is too, unless the runner was dropped."""
        if self._runner is runner:
            self.trouble = None

    def pointer(self) -> Pointer:
        """Return the pointer as stored."""
        return pointer(self._journal.database, self.projection.name)

    def checkpoint(self) -> Checkpoint:
        """Return how far the views that readers see are."""
        runner = self._runner or self.runner()
        return runner.target.visible if runner else Checkpoint()

    def run_rebuilds(self) -> list[str]:
        """Run the rebuilds that wait or were interrupted; return the collections they leave to be removed."""
        waiting = [job for job in self.rebuild.jobs() if job.state == RUNNING]
        return [self.rebuild.fold(job.collection, self.runner()) for job in waiting]

    def _of(self, known: Pointer) -> Runner | None:
        if known.version != self.projection.version:
            return None
        if self._runner is None or self._runner.target.collection != known.collection:
            target = Target(self._journal.database, known.collection, self._hot)
            self._runner = Runner(self.projection, self._journal, target, forest=self._forest)
        return self._runner
