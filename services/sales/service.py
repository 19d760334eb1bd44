"""Sales: leads, opportunities, quotes, orders from every channel, and agreements."""

from services.sales.reactions import SOURCES
from shared.service.operational import OperationalService


class SalesService(OperationalService, follows=SOURCES):
    """From the first interest to the order and beyond."""

    name = "sales"
