"""The kinds of entities whose facts metrics use. A kind more is its value in a module, and a line here."""

from services.analytics.views.facts import Kind, facts_of
from services.analytics.views.facts_campaigns import CAMPAIGN_KINDS
from services.analytics.views.facts_contacts import CONTACT_KINDS
from services.analytics.views.facts_sales import SALES_KINDS
from services.analytics.views.facts_standing import STANDING_KINDS
from services.analytics.views.facts_support import SUPPORT_KINDS

KINDS: tuple[Kind, ...] = (
    *SALES_KINDS,
    *SUPPORT_KINDS,
    *CAMPAIGN_KINDS,
    *CONTACT_KINDS,
    *STANDING_KINDS,
)
FACTS = tuple(facts_of(kind) for kind in KINDS)
KIND_OF = {type_: kind for kind in KINDS for type_ in kind.kept}
