"""`./rapport test`: every check in order, each under its own heading; `./rapport test unit` for one."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as Xml

from deploy.local.place import ROOT
from deploy.local.refusal import Refusal
from deploy.local.servers import Servers

BIN = Path(sys.executable).parent
SHELL_SCRIPTS = ("rapport", ".ci/run")
SUITES = ("unit", "contract", "integration", "chaos")
NEED_SERVERS = ("contract", "integration")
IN_PARALLEL = {"unit": ("-n", "auto")}  # these share nothing
NO_TESTS_FOUND = 5  # pytest's exit code
COUNTS = ("passed", "failed", "errors", "skipped")


def say(text: str) -> None:
    """One line, at once, also when the output is a file."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def heading(text: str) -> None:
    """Mark where a stage begins."""
    say(f"\n━━━ {text} ━━━")


def run(*command: str) -> bool:
    """Run one tool; whether it was content."""
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode == 0


def lint() -> bool:
    """Ruff's rules and format, shellcheck for the shell scripts where it is installed."""
    results = [run(str(BIN / "ruff"), "check", "."), run(str(BIN / "ruff"), "format", "--check", ".")]
    if shutil.which("shellcheck"):
        results.append(run("shellcheck", *SHELL_SCRIPTS))
    else:
        say("shellcheck is not installed: shell scripts are not checked")
    return all(results)


def types() -> bool:
    """Strict types."""
    return run(str(BIN / "mypy"))


def imports() -> bool:
    """Who may import whom."""
    return run(str(BIN / "lint-imports"))


CHECKS: dict[str, Callable[[], bool]] = {"lint": lint, "types": types, "imports": imports}


class Suites:
    """Runs pytest once per suite and adds up what the runs report."""

    def __init__(self, folder: Path, arguments: Sequence[str]) -> None:
        self.folder, self.arguments = folder, arguments
        self.reports: list[Path] = []

    def run(self, suite: str) -> bool:
        """Run one suite; an empty one is fine."""
        report = self.folder / f"{suite}.xml"
        self.reports.append(report)
        named = any(Path(ROOT, text.partition("::")[0]).exists() for text in self.arguments)
        where = [] if named else [f"tests/{suite}", *IN_PARALLEL.get(suite, ())]
        command = [sys.executable, "-m", "pytest", *where, f"--junitxml={report}", *self.arguments]
        code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode
        return code in (0, NO_TESTS_FOUND)

    def totals(self) -> dict[str, int]:
        """Tests by outcome over all suites run."""
        sums = dict.fromkeys(COUNTS, 0)
        for suite in (suite for report in self.reports if report.exists() for suite in _suites_of(report)):
            values = {name: int(suite.get(key, 0)) for name, key in _KEYS.items()}
            values["passed"] = int(suite.get("tests", 0)) - sum(values.values())
            sums = {name: sums[name] + values[name] for name in COUNTS}
        return sums


_KEYS = {"failed": "failures", "errors": "errors", "skipped": "skipped"}


def _suites_of(report: Path) -> Iterator[Xml.Element]:
    return Xml.parse(report).iter("testsuite")  # noqa: S314 - written by our own pytest a moment ago


@contextmanager
def _servers(folder: Path, wanted: bool) -> Iterator[None]:
    if not wanted:
        yield
        return
    heading("broker and database")
    servers = Servers(folder / "servers", os.environ.get("RAPPORT_MONGODB_URL"))
    try:
        servers.start()
        os.environ["RAPPORT_TEST_SERVERS"] = str(servers.folder)
        yield
    finally:
        servers.stop()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stage named first, or all; 0 when everything is fine."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    known = [*CHECKS, *SUITES]
    stages = [given.pop(0)] if given and given[0] in known else known
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rapport-test-") as name:
        suites = Suites(Path(name), given)
        try:
            failed = _run_all(stages, suites)
        except Refusal as refusal:
            say(str(refusal))
            return 1
        _conclude(failed, suites, time.monotonic() - began)
    return int(bool(failed))


def _run_all(stages: Sequence[str], suites: Suites) -> list[str]:
    failed = []
    for stage in (stage for stage in stages if stage in CHECKS):
        heading(stage)
        failed += [] if CHECKS[stage]() else [stage]
    with _servers(suites.folder, any(stage in NEED_SERVERS for stage in stages)):
        for stage in (stage for stage in stages if stage in SUITES and (ROOT / "tests" / stage).is_dir()):
            heading(stage)
            failed += [] if suites.run(stage) else [stage]
    return failed


def _conclude(failed: Sequence[str], suites: Suites, seconds: float) -> None:
    heading(f"failed: {', '.join(failed)}" if failed else "everything is fine")
    totals = ", ".join(f"{number} {what}" for what, number in suites.totals().items() if number)
    say(f"{'=' * 10} {totals or 'no tests ran'} in {seconds:.2f}s {'=' * 10}")


if __name__ == "__main__":
    sys.exit(main())
