"""Reacting: what other services' events mean here."""

from shared.react.reactor import PlanEvents, React, Reactor

__all__ = ["PlanEvents", "React", "Reactor"]
