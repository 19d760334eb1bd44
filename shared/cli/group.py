"""A command group that imports a command when it is called, and says every known error in one sentence."""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Sub-commands by name: the module that holds `command`, and the line shown in the help."""

    def __init__(self, *, commands: Mapping[str, tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self._known = commands

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Names in the order of the alphabet."""
        return sorted(self._known)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command."""
        if cmd_name not in self._known:
            return None
        command: click.Command = import_module(self._known[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        name = args[0]
        if name not in self._known and (near := _nearest(name, self._known)):
            ctx.fail(f"there is no command {name!r}; did you mean {near}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._known[name][1]) for name in sorted(self._known)])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error of the kit or of the disk becomes one sentence and exit code 1."""
        from shared.errors import Error

        try:
            return super().invoke(ctx)
        except Error as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(1)
        except OSError as error:
            if not error.strerror:
                raise
            raise click.ClickException(": ".join(filter(None, (error.filename, error.strerror)))) from error


def _nearest(name: str, known: Mapping[str, Any]) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, 1)), None)
