"""The customer view: named sections, each a pure fold, each with the events behind it."""

from services.analytics.views.customer.view import CUSTOMER, SECTIONS, project

__all__ = ["CUSTOMER", "SECTIONS", "project"]
