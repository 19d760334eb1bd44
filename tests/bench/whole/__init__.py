"""Whole systems that take channel events and keep a customer view: ours and what else one would write."""
