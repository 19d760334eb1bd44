"""Receiving: from a batch of channel events to one commit."""

from shared.receive.heard import Apply, Heard, Instruct

__all__ = ["Apply", "Heard", "Instruct"]
