"""Contacts with nothing but its HTTP application: the front door as a process of its own."""

# ruff: noqa: E402 - the patch comes first, as in the runner
import eventlet

eventlet.monkey_patch()

from typing import Any

from shared.config import Settings
from shared.http.serving import serve
from shared.service import runner
from shared.service.base import Service
from shared.telemetry import logs


class FrontDoorService(Service):
    """The front door alone."""

    name = "contacts"

    @serve
    def http(self) -> Any:
        """Serve the API and the front door."""
        return self.app.http


if __name__ == "__main__":
    settings = Settings.read(service="contacts")
    logs.configure("contacts", settings.log_level)
    runner.host(FrontDoorService, settings, runner.build("contacts", settings))
