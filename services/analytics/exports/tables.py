"""The tables there are: a table more is its value in a module, and a line here."""

from services.analytics.exports.care import CARE_TABLES
from services.analytics.exports.customers import customers
from services.analytics.exports.events import FACT_TABLES
from services.analytics.exports.offers import OFFER_TABLES
from services.analytics.exports.sales import SALES_TABLES
from services.analytics.exports.table import Table
from shared.errors import NotFound
from shared.events.clock import Clock, now
from shared.privacy import Vault


def tables(vault: Vault, clock: Clock = now) -> dict[str, Table]:
    """Return every table by its name."""
    every = (customers(vault, clock), *SALES_TABLES, *OFFER_TABLES, *CARE_TABLES, *FACT_TABLES)
    return {table.name: table for table in every}


def table_of(known: dict[str, Table], name: str) -> Table:
    """Return a table. Raises NotFound."""
    if name not in known:
        raise NotFound(f"there is no table {name}; there are {', '.join(known)}")
    return known[name]
