"""Analysts' own tools: tables of a living company as files, SQL over them, and the notebook as delivered."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from deploy.local.place import ROOT
from tests.importing import Importer
from tests.stack import RunningStack
from tests.waiting import eventually

pytestmark = [pytest.mark.integration, pytest.mark.slow, pytest.mark.timeout(240)]
EVER = {"from": "2000-01-01", "to": "2100-01-01"}
NOTEBOOK = ROOT / "docs" / "notebooks" / "first-questions.ipynb"


def rapport(stack: RunningStack, home: Path, *arguments: str) -> Any:
    """Return what a command prints as JSON."""
    urls = {f"RAPPORT_{name.upper()}_URL": stack.url(name) for name in stack.names}
    env = os.environ | urls | {"RAPPORT_KEY": stack.admin_key, "RAPPORT_HOME": str(home)}
    command = [sys.executable, "-m", "shared.cli", *arguments, "--json"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_a_company_is_exported_asked_and_looked_at(running_stack: RunningStack, tmp_path: Path) -> None:
    """The files hold what analytics knows; a second run has nothing to do; the notebook runs on them."""
    stack, folder = running_stack, tmp_path / "export"
    rapport(stack, tmp_path, "demo", "--customers", "12", "--months", "2")
    answer = Importer(stack, tmp_path, 60).answer
    eventually(lambda: settled(answer), 90, pause=0.5)
    done = {each["table"]: each for each in rapport(stack, tmp_path, "export", "all", "--out", str(folder))}
    (told,) = rapport(
        stack, tmp_path, "sql", "SELECT count(*) AS n, sum(gross) AS gross FROM orders", "--from", str(folder)
    )
    revenue = answer("/v1/metrics/gross_revenue", currency="GBP", **EVER)
    assert told == {"n": revenue["n"], "gross": revenue["value"]}
    assert done["events"]["rows"] == answer("/v1/projections")["head"]
    assert all(each["partitions"] > 1 for each in (done["orders"], done["events"]))
    again = rapport(stack, tmp_path, "export", "orders", "customers", "--out", str(folder))
    assert [each["changed"] for each in again] == [0, 0]
    read(folder)


def settled(answer: Any) -> bool:
    """Tell whether everything that was reported is journaled and folded."""
    caught_up = not any(part["difference"] for part in answer("/v1/ledger")["journal"])
    return caught_up and not any(p["behind_journal"] for p in answer("/v1/projections")["items"])


def read(folder: Path) -> None:
    """Run the notebook as it is delivered, without outputs, on an export."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells)
    environment = {**os.environ, "RAPPORT_EXPORT": str(folder), "MPLBACKEND": "agg"}
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(ROOT)}}).execute(env=environment)
    errors = [out for cell in notebook.cells for out in cell.get("outputs", ()) if out.output_type == "error"]
    assert errors == []
