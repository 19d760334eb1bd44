"""Mail that leaves once: claims, the conversation with a mail server, signed links, what came of it."""
