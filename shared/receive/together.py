"""Do commands of several aggregates of one service at once: all of them happen, or none."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.decide import Context, Streams
from shared.decide.streams import ATTEMPTS
from shared.errors import Unavailable, WrongExpectedVersion
from shared.receive.heard import Instruct
from shared.receive.plan import Working
from shared.store.port import Done, Store, append


def together(
    store: Store, streams: Mapping[str, Streams[Any]], context: Context, instructions: Sequence[Instruct]
) -> Done:
    """Decide the commands in turn and append their events in one transaction. Raises Rejected."""
    service = next(iter(streams.values())).decider.service
    for _ in range(ATTEMPTS):
        working = Working(service, streams, fresh=True)
        working.read(instructions)
        plan = working.decide_in(context, instructions)
        try:
            done = append(store, *plan.appends, writes=plan.writes) if plan.appends else Done()
        except WrongExpectedVersion:
            continue
        for changed, key, _ in plan.states:
            changed.drop([key])
        return done
    raise Unavailable("the aggregates are changing too fast")
