"""Lists: a service's own read of its aggregates, as consistent as its log."""
