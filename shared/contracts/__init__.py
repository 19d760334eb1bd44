"""Contracts: what every event type looks like, declared once."""
