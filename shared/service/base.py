"""The base of every service class."""

from typing import Any

from shared.service.extensions import App, HubTick
from shared.service.rpc import RpcServer


class Service:
    """A service class is a table of contents: extensions as attributes, entrypoints as methods."""

    name = ""
    tick: Any = HubTick()
    app: Any = App()
    questions: Any = RpcServer()
