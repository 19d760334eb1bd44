"""Campaigns with a real mail server, and people it may write to."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.place import ROOT
from deploy.local.processes import free_port, listening
from deploy.local.servers import Servers
from tests.integration.campaigns.post_office import PostOffice
from tests.stack import RunningStack
from tests.waiting import eventually


@pytest.fixture
def post_office(tmp_path: Path, servers: Servers) -> Iterator[PostOffice]:
    """Contacts, campaigns and a mail server as processes."""
    port, inbox = free_port(), tmp_path / "inbox.txt"
    inbox.touch()
    settings = {"RAPPORT_SMTP_URL": f"smtp://127.0.0.1:{port}"}
    stack = RunningStack(
        tmp_path / "services",
        servers.vhost(),
        servers.mongodb_url,
        servers.prefix(),
        names=("contacts", "campaigns"),
        settings=settings,
    )
    command = [sys.executable, "-m", "tests.mail_server", str(port), str(inbox)]
    with subprocess.Popen(command, cwd=ROOT) as server:
        try:
            eventually(lambda: listening(port), 20)
            yield PostOffice(stack.start(), inbox)
        finally:
            stack.stop()
            server.terminate()
