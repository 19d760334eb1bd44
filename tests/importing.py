"""Imports into a running stack: through the command line tool, until analytics has folded everything."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.place import ROOT
from tests.stack import RunningStack
from tests.waiting import eventually

Body = dict[str, Any]


@dataclass
class Importer:
    """Imports files into a running stack with the command line tool."""

    stack: RunningStack
    folder: Path
    patience: float

    def run(self, file: Path, mapping: str) -> Body:
        """Return the counts that `rapport import` tells; they add up."""
        command = [sys.executable, "-m", "shared.cli", "import", str(file), "--json"]
        command += [
            "--map",
            f"mappings/{mapping}.yaml",
            "--rejects",
            str(self.folder / f"{file.name}.rejects"),
        ]
        command += ["--url", self.stack.url("contacts"), "--key", self.stack.admin_key]
        env = os.environ | {"RAPPORT_STATE": str(self.folder)}
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, timeout=self.patience, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        counts: Body = json.loads(done.stdout)
        assert counts["read"] == counts["accepted"] + counts["duplicate"] + counts["rejected"]
        return counts

    def settled(self, service: str, source: str, events: int) -> Body:
        """Return the owner's ledger entry once all events are applied or accounted for, and folded."""

        def look() -> Body | None:
            ledger = self.answer("/v1/ledger")
            (own,) = [e for e in ledger["sources"][service] if e["source"] == source]
            (heard,) = [e for e in ledger["sources"]["contacts"] if e["source"] == source]
            taken = own["received"] >= events and heard[f"heard_{service}"] >= events - own["quarantined"]
            journaled = not any(part["difference"] for part in ledger["journal"])
            folded = not any(p["behind_journal"] for p in self.answer("/v1/projections")["items"])
            return own if taken and journaled and folded else None

        entry = eventually(look, self.patience, pause=0.5)
        assert entry
        assert entry["difference"] == 0
        return entry

    def answer(self, path: str, **query: Any) -> Body:
        """Return what analytics answers."""
        answer = self.stack.get("analytics", path, params=query)
        answer.raise_for_status()
        body: Body = answer.json()
        return body
