"""Sending: what is queued leaves once, with permission, or not at all."""
