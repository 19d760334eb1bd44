"""Timers: what is due runs once, however many replicas there are, and catches up after a stop."""
