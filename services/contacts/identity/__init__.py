"""Identity: who an event is about, and which contacts are one person."""
