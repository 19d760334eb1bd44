"""The table of all projections: one line each."""

from collections.abc import Callable
from dataclasses import dataclass

from services.analytics.views.customer import CUSTOMER, RECORDS
from services.analytics.views.facts_cells import CELLS, PEOPLE
from services.analytics.views.facts_kinds import FACTS
from services.analytics.views.monthly import MONTHLY
from services.analytics.views.purchases import PURCHASES
from services.analytics.views.reminders import reminders_projection
from services.analytics.views.search import search_projection
from services.analytics.views.segments import SEGMENTS
from services.analytics.views.together import TOGETHER
from services.analytics.views.traits import TRAITS
from shared.identity import Refs
from shared.privacy import Vault
from shared.project.projection import Projection


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a projection needs that reads sealed values: who opens them, and who hashes words."""

    vault: Vault
    refs: Refs


PROJECTIONS: tuple[Projection | Callable[[Secrets], Projection], ...] = (
    CUSTOMER,
    RECORDS,
    lambda secrets: search_projection(secrets.vault.open, secrets.refs, secrets.vault.fetch),
    lambda secrets: reminders_projection(secrets.vault.open, secrets.refs, secrets.vault.fetch),
    *FACTS,
    CELLS,
    PEOPLE,
    PURCHASES,
    *MONTHLY,
    TOGETHER,
    TRAITS,
    SEGMENTS,
)


def projections(secrets: Secrets) -> tuple[Projection, ...]:
    """Return every projection, those that read sealed values given what they need."""
    return tuple(p if isinstance(p, Projection) else p(secrets) for p in PROJECTIONS)
