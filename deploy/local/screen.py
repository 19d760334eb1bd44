"""What `up` shows while it works: a spinner per step on a terminal, plain lines elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from deploy.local.refusal import Refusal

QUIET = 5.0  # seconds between two notes where every note is a new line


class Step:
    """One piece of work in progress; `note` says what it is waiting for."""

    def __init__(self, title: str, console: Console, status: Status | None) -> None:
        self.title, self.console, self.status = title, console, status
        self.last, self.told = "", time.monotonic()

    def say(self, text: str) -> None:
        """Tell something worth keeping."""
        self.console.print(f"  [dim]{escape(text)}[/dim]")

    def note(self, text: str) -> None:
        """Tell what the step is waiting for now."""
        if self.status is not None:
            self.status.update(f"{self.title} [dim]{escape(text)}[/dim]")
        elif text != self.last and time.monotonic() - self.told > QUIET:
            self.say(text)
            self.last, self.told = text, time.monotonic()


class Screen:
    """The terminal, or the log file in its place."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show one step while it runs and how long it took."""
        began = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(title) as status:
                yield Step(title, self.console, status)
        else:
            self.console.print(f"... {title}")
            yield Step(title, self.console, None)
        self.console.print(f"[green]ok[/green]  {title} [dim]({time.monotonic() - began:.1f} s)[/dim]")

    def say(self, text: str) -> None:
        """One line."""
        self.console.print(escape(text))

    def refuse(self, refusal: Refusal) -> None:
        """The sentence that says what is in the way."""
        self.console.print(escape(str(refusal)), style="red")
