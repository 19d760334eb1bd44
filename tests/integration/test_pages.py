"""The pages tell the truth: every block of commands is run and says what the page shows."""

import os
from pathlib import Path

import pytest

from deploy.local.place import ROOT
from tests.pages import Shell, blocks_of
from tests.stack import RunningStack

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(240)]


def environment(stack: RunningStack, folder: Path) -> dict[str, str]:
    """What a reader's terminal knows, pointed at the stack of the tests."""
    urls = {f"RAPPORT_{name.upper()}_URL": stack.url(name) for name in stack.names}
    return os.environ | urls | {
        "RAPPORT_AMQP_URL": stack.amqp_url,
        "RAPPORT_KEY": stack.admin_key,
        "RAPPORT_SPOOL": str(folder / "spool"),
        "XDG_STATE_HOME": str(folder / "state"),
    }  # fmt: skip


PAGES = ["docs/tutorial.md", "docs/how-to/other-languages.md", "docs/how-to/time-machine.md", "README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_true(page: str, running_stack: RunningStack, tmp_path: Path) -> None:
    """Every command of the page works, in the order of the page, with the output shown."""
    with Shell(tmp_path, environment(running_stack, tmp_path)) as shell:
        for block in blocks_of(ROOT / page):
            shell.check(block)
