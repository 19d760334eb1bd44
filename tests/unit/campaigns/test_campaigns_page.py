"""The page about campaigns: every command on it is understood."""

import json
import re
from types import SimpleNamespace

import pytest

from deploy.local.place import ROOT
from services.campaigns.bootstrap import build
from shared.config import Settings
from shared.http.route import Table

PAGE = (ROOT / "docs/services/campaigns.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^campaigns (\S+)(?: '(.*?)')?$", PAGE, flags=re.M | re.S)
SETTINGS = {
    "RAPPORT_AMQP_URL": "amqp://nowhere",
    "RAPPORT_MONGODB_URL": "mongodb://nowhere",
    "RAPPORT_IDENTITY_KEY": "0" * 64,
    "RAPPORT_MASTER_KEY": "0" * 64,
}


@pytest.fixture(scope="module")
def table():
    """The routes of campaigns, wired without broker and database."""
    return Table(build(Settings.read(SETTINGS, "campaigns")).http.routes)


@pytest.mark.parametrize(("path", "body"), COMMANDS)
def test_every_command_of_the_page_is_understood(table, path, body):
    """Its route exists and takes the body."""
    place = f"/v1/{path.replace('$', '')}"
    request = SimpleNamespace(method="POST", path=place, steps=place.split("/"), params={})

    route = table.match(request)

    assert route.body_schema.validate(json.loads(body or "{}")) == {}
