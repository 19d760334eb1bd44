"""The runtime of a service: container, loops, and the runner `python -m shared.service <name>`."""
