"""The background loops of analytics."""

from typing import Any

from shared.service.extensions import Background
from shared.service.loop import Loop


class FoldLoop(Background):
    """Folds one projection, woken when the journal has grown."""

    def __init__(self, projection: str = "", **options: Any) -> None:
        self.projection = projection
        super().__init__(**options)

    def make_loop(self) -> Loop:
        """Return the loop over the steps of the live fold."""
        app = self.container.app
        return Loop(f"fold:{self.projection}", app.lives[self.projection].step, app.bells[self.projection])


class RebuildLoop(Background):
    """Runs rebuilds, those that a crash interrupted included."""

    def make_loop(self) -> Loop:
        """Return the loop over waiting rebuilds."""
        app = self.container.app
        return Loop("rebuilds", app.rebuild, app.rebuild_bell)
