"""`rapport analysts`: read-only users of MongoDB for analysts' own tools."""

import os
import secrets
from typing import Any

import click

from shared.cli.show import as_json, fields, show
from shared.errors import Conflict, NotFound, Rejected, Unavailable

PREFIX, ROLE = "analyst_", "rapport_analyst"
EXISTS = (51003, 51002)


@click.group("analysts")
def command() -> None:
    """Read-only users of MongoDB for analysts' own tools."""


@command.command()
@click.argument("name")
@click.option("--mongodb", help="URL of a user who may make users (RAPPORT_MONGODB_URL).")
@click.option("--database", default="rapport_analytics", show_default=True)
@as_json
def create(name: str, mongodb: str | None, database: str, json_: bool) -> None:
    """Make the user NAME, who may read the analysts' views and nothing else; the password is shown once."""
    url = mongodb or os.environ.get("RAPPORT_MONGODB_URL")
    if not url:
        raise click.UsageError("say which server with --mongodb")
    from pymongo import MongoClient
    from pymongo.errors import OperationFailure, PyMongoError

    try:
        client: MongoClient[dict[str, Any]] = MongoClient(url, serverSelectionTimeoutMS=5_000)
        with client:
            show(_made(client[database], name), json_, fields)
    except OperationFailure as error:
        if error.code in EXISTS:
            raise Conflict(f"there is a user {name} already") from error
        raise Rejected(f"the server refuses: {error.details or error}") from error
    except PyMongoError as error:
        raise Unavailable(f"the database does not answer: {error}") from error


def _made(database: Any, name: str) -> dict[str, Any]:
    views = sorted(each for each in database.list_collection_names() if each.startswith(PREFIX))
    if not views:
        raise NotFound(f"{database.name} has no views for analysts: analytics makes them when it starts")
    _grant(database, [_may_find(database.name, view) for view in views])
    password = secrets.token_urlsafe(24)
    database.command("createUser", name, pwd=password, roles=[{"role": ROLE, "db": database.name}])
    return {"user": name, "password": password, "database": database.name, "views": views}


def _grant(database: Any, privileges: list[dict[str, Any]]) -> None:
    known = database.command("rolesInfo", ROLE)["roles"]
    verb = "updateRole" if known else "createRole"
    database.command(verb, ROLE, privileges=privileges, roles=[])


def _may_find(database: str, view: str) -> dict[str, Any]:
    return {"resource": {"db": database, "collection": view}, "actions": ["find"]}
