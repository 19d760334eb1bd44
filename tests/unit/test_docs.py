"""The documentation holds together: links, commands, names of tests and generated pages."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click import Context, Group

from deploy.local.place import ROOT
from deploy.local.testing import SUITES
from services import reference
from shared.cli import main as tool
from shared.http.problem import _TABLE
from tests.pages import blocks_of, first_missing

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"\./rapport ([a-z]+)(?: ([a-z]+))?")
TEST_FILE = re.compile(r"\btests/[\w/]+\.py(?:::test_\w+)?")
TEST_NAME = re.compile(r"`(test_\w+)`")
LAUNCHED = {"up", "down", "test", "bench"}


def tracked(*patterns: str) -> list[Path]:
    """Return the project's files, new ones included, ignored ones not."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).exists()]


PAGES = tracked("*.md")
ON_PAGES = pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))


def anchors(page: Path) -> set[str]:
    """Return the anchors GitHub gives a page's headings."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@ON_PAGES
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link names a file of the project, and an anchor a heading in it."""
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link} names no heading"


@ON_PAGES
def test_every_command_exists(page: Path) -> None:
    """A command of the launcher that a page names is one, sub-command included."""
    context = Context(tool)
    for name, sub in COMMAND.findall(page.read_text(encoding="utf-8")):
        if name in LAUNCHED:
            continue
        command = tool.get_command(context, name)
        assert command is not None, f"./rapport {name} does not exist"
        if isinstance(command, Group) and sub:
            assert command.get_command(context, sub), f"./rapport {name} {sub} does not exist"


def test_every_test_that_is_named_exists() -> None:
    """Pages and comments that name a test as proof name one that is there."""
    names = {n for path in tracked("tests/*.py") for n in re.findall(r"def (test_\w+)", path.read_text())}
    for page in [*PAGES, *tracked("*.py")]:
        text = page.read_text(encoding="utf-8")
        for named in TEST_FILE.findall(text):
            path, _, test = named.partition("::")
            assert (ROOT / path).exists(), f"{page.relative_to(ROOT)} names {path}"
            assert not test or test in names, f"{page.relative_to(ROOT)} names {test}"
        if page.suffix == ".md":
            missing = [n for n in TEST_NAME.findall(text) if n not in names]
            assert not missing, f"{page.relative_to(ROOT)} names {missing}"


def test_generated_pages_are_up_to_date() -> None:
    """`python -m services.reference write` would change nothing."""
    assert reference.stale() == []


def test_every_kind_of_problem_is_explained() -> None:
    """The list of problems has every kind that the HTTP kit can answer."""
    said = (ROOT / "docs/reference/problems.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in tracked("shared/http/*.py"))
    kinds = {kind for *_, kind in _TABLE} | set(re.findall(r'kind="([a-z-]+)"', code))
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in said] == []


def test_every_decision_is_in_the_index() -> None:
    """The index lists each decision once, and numbers are not used twice."""
    folder = ROOT / "docs/adr"
    pages = sorted(path.name for path in folder.glob("0*.md"))
    index = (folder / "README.md").read_text(encoding="utf-8")
    assert [page for page in pages if index.count(f"({page})") != 1] == []
    assert len({page[:4] for page in pages}) == len(pages)


def test_what_contributors_are_told_to_run_is_run() -> None:
    """The stages that CONTRIBUTING.md names are those of `./rapport test`."""
    said = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert [suite for suite in SUITES if f"`{suite}`" not in said] == []


@pytest.mark.parametrize("name", ["new-aggregate", "new-projection"])
def test_the_code_of_a_page_runs(name: str) -> None:
    """The Python of a page is complete, and the tests it shows pass."""
    page = ROOT / f"docs/how-to/{name}.md"
    module: dict[str, Any] = {"__name__": page.stem}
    for code in PYTHON.findall(page.read_text(encoding="utf-8")):
        exec(compile(code, page.name, "exec"), module)  # noqa: S102 - our own page
    shown = [value for key, value in module.items() if key.startswith("test_")]
    assert shown
    for test in shown:
        test()


def test_a_page_is_read_as_a_reader_would(tmp_path: Path) -> None:
    """Shell blocks are commands, the text block after one is what it shows; dots stand for anything."""
    page = tmp_path / "page.md"
    page.write_text("a\n\n```sh again needs=node\necho 1\n```\n\n```text\nx … y\n```\n\n```python\n```\n")

    (block,) = blocks_of(page)

    assert (block.line, block.commands, block.again, block.needs) == (3, "echo 1\n", True, ("node",))
    assert first_missing(block.shown, "first\n  x 12   y\n") is None
    assert first_missing(block.shown, "x 12 z\n") == "x … y"
