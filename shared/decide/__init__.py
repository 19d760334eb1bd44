"""Deciding: from a command to events in the log."""

from shared.decide.decider import At, Decider, Elapsed
from shared.decide.facts import Facts
from shared.decide.peers import streams_of
from shared.decide.streams import Context, Loaded, Streams

__all__ = ["At", "Context", "Decider", "Elapsed", "Facts", "Loaded", "Streams", "streams_of"]
