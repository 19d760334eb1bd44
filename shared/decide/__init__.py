"""Deciding: from a command to events in the log."""

from shared.decide.decider import At, Decider, Elapsed
from shared.decide.streams import Context, Loaded, Streams

__all__ = ["At", "Context", "Decider", "Elapsed", "Loaded", "Streams"]
