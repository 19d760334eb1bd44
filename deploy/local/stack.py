"""Broker, database and the five services of one place, started and stopped in order."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from deploy.local.broker import Broker
from deploy.local.database import Database
from deploy.local.keys import Keys
from deploy.local.place import SERVICES, Place
from deploy.local.processes import claim, listening, sweep
from deploy.local.program import Program
from deploy.local.refusal import Refusal
from deploy.local.screen import Screen, Step
from deploy.local.supervision import Child, Supervisor, log_tail

ServiceCommand = Callable[[str], list[str]]
PATIENCE = 120.0  # seconds for the services to become ready


def real_service(name: str) -> list[str]:
    """How a service is started."""
    return [sys.executable, "-m", "shared.service", name]


class Stack:
    """Everything of one place. `command` says how a service is started."""

    def __init__(self, place: Place, command: ServiceCommand = real_service) -> None:
        self.place, self.command = place, command
        self.keys = Keys.load(place.secrets)
        self.broker = Broker(place.home / "broker", place.broker_port)
        self.database = Database(place.home / "database", place.database_port)
        self.supervisor = Supervisor(place)

    @property
    def own(self) -> list[Program]:
        """What is started here, because the environment names no other."""
        wanted = (("RAPPORT_AMQP_URL", self.broker), ("RAPPORT_MONGODB_URL", self.database))
        return [program for variable, program in wanted if not os.environ.get(variable)]

    @property
    def amqp_url(self) -> str:
        """The broker in use."""
        return os.environ.get("RAPPORT_AMQP_URL") or self.broker.url

    @property
    def mongodb_url(self) -> str:
        """The database in use."""
        return os.environ.get("RAPPORT_MONGODB_URL") or self.database.url

    def environment(self) -> dict[str, str]:
        """What all services share."""
        peers = {f"RAPPORT_{name.upper()}_URL": self.place.url(name) for name in SERVICES}
        addresses = {"RAPPORT_AMQP_URL": self.amqp_url, "RAPPORT_MONGODB_URL": self.mongodb_url}
        return self.keys.environment() | addresses | peers | {"PYTHONUNBUFFERED": "1"}

    def start(self, screen: Screen) -> None:
        """Start all and return when every service is ready.

        Raises:
            Refusal: something is in the way; the sentence says what.
        """
        self._prepare(screen)
        self.supervisor.start(self._groups(), self.environment())
        self._await_infrastructure(screen)
        with screen.step("services") as step:
            self.supervisor.order("startProcessGroup", "services", False)
            self._await_services(step)

    def _prepare(self, screen: Screen) -> None:
        with screen.step("environment") as step:
            left = sweep(self.place.home, grace=8)
            if left:
                step.say(f"ended what an earlier run left behind: {', '.join(sorted(set(left)))}")
            for name, port in self.place.ports.items():
                claim(port, name)
            for program in self.own:
                program.prepare(step.say)

    def _groups(self) -> dict[str, list[Child]]:
        store = [_infrastructure(program) for program in self.own]
        services = [self._service(name) for name in SERVICES]
        demo = Child("demo", [sys.executable, "-m", "shared.cli", "demo", "--live"], patience=3)
        groups = {"store": store, "services": services, "extras": [demo]}
        return {name: children for name, children in groups.items() if children}

    def _service(self, name: str) -> Child:
        port = str(self.place.ports[name])
        return Child(name, self.command(name), {"RAPPORT_SERVICE": name, "RAPPORT_HTTP_PORT": port})

    def _await_infrastructure(self, screen: Screen) -> None:
        for program in (self.broker, self.database):
            if program in self.own:
                with screen.step(program.title) as step:
                    self._await_program(program, step)
            else:
                _check_reachable(program.title, self.amqp_url if program is self.broker else self.mongodb_url)

    def _await_program(self, program: Program, step: Step) -> None:
        deadline = time.monotonic() + program.patience
        log = self.place.logs / f"{program.title}.log"
        while not program.ready():
            if time.monotonic() > deadline or self._given_up(program.title):
                raise Refusal(f"The {program.title} did not start; it last said:\n{log_tail(log)}")
            step.note(log_tail(log, 1))
            time.sleep(0.1)

    def _given_up(self, name: str) -> bool:
        if not self.supervisor.running:
            log = self.place.logs / "supervisord.out"
            raise Refusal(f"The process manager ended; it last said:\n{log_tail(log)}")
        return bool(self.supervisor.states().get(name, {}).get("statename") == "FATAL")

    def _await_services(self, step: Step) -> None:
        deadline = time.monotonic() + PATIENCE
        while waiting := self.unready():
            step.note("; ".join(f"{name}: {why}" for name, why in waiting.items()))
            lost = [name for name in waiting if self._given_up(name)]
            if lost or time.monotonic() > deadline:
                raise Refusal(self._why_not(lost or list(waiting), waiting))
            time.sleep(0.1)

    def _why_not(self, names: list[str], reasons: Mapping[str, str]) -> str:
        tails = (f"{n} ({reasons[n]}):\n{log_tail(self.place.logs / f'{n}.log')}" for n in names)
        return "Not ready:\n" + "\n".join(tails)

    def unready(self) -> dict[str, str]:
        """The services that are not ready, each with its reason."""
        answers = {name: readiness(self.place.url(name)) for name in SERVICES}
        return {name: why for name, why in answers.items() if why}

    def stop(self) -> None:
        """Stop services, then database and broker, and leave no process behind."""
        self.supervisor.stop()
        sweep(self.place.home, grace=1)


def _infrastructure(program: Program) -> Child:
    return Child(program.title, program.command(), program.environment(), patience=4, autostart=True)


def _check_reachable(title: str, url: str) -> None:
    parts = urlsplit(url.partition(",")[0])
    port = parts.port or (27017 if title == "database" else 5672)
    if not parts.scheme.endswith("+srv") and not listening(port, parts.hostname or "127.0.0.1"):
        raise Refusal(f"The {title} given in the environment does not answer at {parts.hostname}:{port}.")


def readiness(url: str) -> str:
    """Why the service at `url` is not ready; empty when it is."""
    try:
        answer = requests.get(f"{url}/readyz", timeout=2)
    except requests.RequestException:
        return "not listening yet"
    return "" if answer.status_code == 200 else _reason(answer)


def _reason(answer: requests.Response) -> str:
    try:
        body: Any = answer.json()
    except ValueError:
        return answer.text[:120] or f"status {answer.status_code}"
    said = (body.get("reasons") or body.get("detail") or body) if isinstance(body, dict) else body
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said)
