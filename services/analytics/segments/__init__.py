"""Living segments: facts of every customer, what they amount to, and the events when that changes."""
