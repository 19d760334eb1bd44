"""Surveys on their way to customers: whom to write to, what to say, sent once."""
