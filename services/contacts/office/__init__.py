"""What people of the front office do that takes a key, the index or several aggregates at once."""
