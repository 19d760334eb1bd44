"""Reacting: what other services' events mean here."""

from shared.react.reactor import React, Reactor

__all__ = ["React", "Reactor"]
