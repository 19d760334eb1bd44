"""Programs that empty a queue: one way of consuming each, all with the same check of every event."""
