"""The customer view: named sections, each a pure fold, each with the events behind it."""

from services.analytics.views.customer.view import CUSTOMER, RECORDS, SECTIONS, project, whole

__all__ = ["CUSTOMER", "RECORDS", "SECTIONS", "project", "whole"]
