"""What analytics answers over HTTP."""
