"""What a process tells about itself: logs, metrics and the trace it takes part in."""
