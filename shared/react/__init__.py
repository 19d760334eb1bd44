"""Reacting: what other services' events mean here."""

from shared.react.by_table import React, context_of
from shared.react.reactor import PlanEvents, Reactor, refused

__all__ = ["PlanEvents", "React", "Reactor", "context_of", "refused"]
