"""Contacts that may be one person though no identifier says so: found in the background, judged by people."""
