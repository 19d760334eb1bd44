"""A made-up company whose customers come through every channel, the same for the same seed."""
