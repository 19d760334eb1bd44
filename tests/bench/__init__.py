"""Measures of the whole and of its parts, each beside its limit and its alternatives: `./rapport bench`."""
