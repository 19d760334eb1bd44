"""Files into channel events: mapping, checking, sending, resuming, and saying what was refused."""
