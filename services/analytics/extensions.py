"""The background loops of analytics."""

from shared.relay.bell import Bell
from shared.service.extensions import Background, give_up
from shared.service.loop import Loop

MINUTE = 60.0


class FoldLoop(Background):
    """Folds all projections, woken when the journal has grown."""

    def make_loop(self) -> Loop:
        """Return the loop over the steps of the live folds."""
        return Loop("folds", self.container.app.fold, self.container.app.fold_bell)

    def trouble(self) -> str | None:
        """Return why the loop, or a projection in it, does not do its work, or None."""
        trouble: str | None = super().trouble() or self.container.app.folds.trouble
        return trouble


class AssessLoop(Background):
    """Keeps the standings of customers true, woken when something has been folded."""

    def make_loop(self) -> Loop:
        """Return the loop over the steps of the assessments."""
        app = self.container.app
        return Loop("standings", app.following.step, app.assess_bell)

    def stop(self) -> None:
        """Stop, and give up leadership."""
        super().stop()
        give_up(self.container.app.following.release)


class FitLoop(Background):
    """Fits the models that were asked for, and those that are out of date."""

    def make_loop(self) -> Loop:
        """Return the loop over waiting fits."""
        fitter = self.container.app.fitter
        return Loop("fits", fitter.step, fitter.bell)


class JudgingLoop(Background):
    """Judges objectives as days end."""

    def make_loop(self) -> Loop:
        """Return the loop over what is to be judged; a minute after midnight is early enough."""
        return Loop("judging", self.container.app.goals.judging.step, Bell(), MINUTE, MINUTE)


class ReportLoop(Background):
    """Sends the reports that are due."""

    def make_loop(self) -> Loop:
        """Return the loop over what waits to be sent."""
        return Loop("reports", self.container.app.goals.sending.step, Bell(), 1.0, 5.0)


class RebuildLoop(Background):
    """Runs rebuilds, those that a crash interrupted included."""

    def make_loop(self) -> Loop:
        """Return the loop over waiting rebuilds."""
        app = self.container.app
        return Loop("rebuilds", app.rebuild, app.rebuild_bell)
