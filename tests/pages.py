"""Documentation that is run: the shell blocks of a page in order, each beside the output it shows."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.local.place import ROOT
from tests.waiting import eventually

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ENDED = "-- the block ended with "


@dataclass(frozen=True, slots=True)
class Block:
    """Commands, the output shown for them, whether to try until it appears, and the programs they need."""

    line: int
    commands: str
    shown: str
    again: bool
    needs: tuple[str, ...] = ()


def blocks_of(page: Path) -> Iterator[Block]:
    """Return the `sh` blocks of a page; a `text` block belongs to the block before it."""
    text = page.read_text(encoding="utf-8")
    fences = [(m.start(), m[1].split(), m[2]) for m in FENCE.finditer(text)]
    for (at, info, body), follower in zip(fences, [*fences[1:], (0, [], "")], strict=True):
        if info[:1] == ["sh"]:
            shown = follower[2] if follower[1] == ["text"] else ""
            needs = tuple(word.removeprefix("needs=") for word in info if word.startswith("needs="))
            yield Block(text.count("\n", 0, at) + 1, body, shown, "again" in info, needs)


class Shell:
    """One bash for all blocks of a page, as a reader would have it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._runs = folder, 0
        self._bash = subprocess.Popen(
            ["bash", "--norc"],
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *_: object) -> None:
        self._bash.communicate("exit\n", timeout=10)

    def check(self, block: Block) -> None:
        """Run a block, if what it needs is here. Raises AssertionError when it does not say what is shown."""
        if not all(map(shutil.which, block.needs)):
            return
        if block.again:
            eventually(lambda: self._once(block), timeout=20)
        else:
            self._once(block)

    def _once(self, block: Block) -> bool:
        code, said = self._run(block.commands)
        assert code == 0, f"line {block.line} ended with {code}:\n{said}"
        missing = first_missing(block.shown, said)
        assert missing is None, f"line {block.line} did not say {missing!r} but:\n{said}"
        return True

    def _run(self, commands: str) -> tuple[int, str]:
        self._runs += 1
        script = self._folder / f"block-{self._runs}.sh"
        script.write_text(commands)
        assert self._bash.stdin
        self._bash.stdin.write(f'. "{script}" </dev/null\necho; echo "{ENDED}$?"\n')
        self._bash.stdin.flush()
        return self._read()

    def _read(self) -> tuple[int, str]:
        said: list[str] = []
        assert self._bash.stdout
        for line in self._bash.stdout:
            if line.startswith(ENDED):
                return int(line.removeprefix(ENDED)), "".join(said)
            said.append(line)
        raise AssertionError(f"the shell ended:\n{''.join(said)}")


def first_missing(shown: str, said: str) -> str | None:
    """Return the first line shown that was not said, in this order; `…` stands for anything."""
    lines = iter([" ".join(line.split()) for line in said.splitlines()])
    for line in filter(None, (" ".join(line.split()) for line in shown.splitlines())):
        pattern = re.compile(".*".join(map(re.escape, re.split(" ?… ?", line))))
        if not any(pattern.fullmatch(each) for each in lines):
            return line
    return None
