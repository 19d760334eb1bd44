"""Reports as text: rich tables on a terminal, Markdown everywhere else."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.report import Goal, Report

HEAD = ("contender", "value", "of the limit", "spread")
RIGHT = (False, True, True, True)


def number(value: float) -> str:
    """Three significant digits, thousands apart, no exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def lines_of(report: Report) -> list[tuple[str, str, str, str]]:
    """Return one line of text cells per reading."""
    lines = []
    for reading in report.readings:
        ratio = report.ratio(reading.name)
        shown = "-" if ratio is None else f"{ratio:.2f}"
        value = f"{number(reading.value)} {report.unit}"
        lines.append((reading.name, value, shown, f"{reading.spread:.0%}"))
    return lines


def sentence(goal: Goal) -> str:
    """Return a goal, what was found and the verdict."""
    if not goal.unit:
        return f"{goal.says}: {goal.found:.0%} ({goal.verdict})"
    return f"{goal.says}: {number(goal.found)} {goal.unit} ({goal.verdict})"


def markdown(report: Report) -> str:
    """Return a report as Markdown."""
    rows = [HEAD, tuple("--:" if right else "---" for right in RIGHT), *lines_of(report)]
    table = ["| " + " | ".join(row) + " |" for row in rows]
    said = [f"- {text}" for text in (*map(sentence, report.goals), *report.notes)]
    return "\n".join([f"### {report.measure}", "", *table, "", *said, ""])


def show(console: Console, report: Report) -> None:
    """Print a report the way the output can show it."""
    if not console.is_terminal:
        console.print(markdown(report), markup=False, highlight=False, soft_wrap=True)
        return
    console.print(_table(report))
    for goal in report.goals:
        console.print(f"  [{'green' if goal.reached else 'red'}]{sentence(goal)}[/]", highlight=False)
    for note in report.notes:
        console.print(f"  {note}", style="dim", markup=False, highlight=False)
    console.print()


def summary(reports: Iterable[Report]) -> str:
    """Return how many goals were reached, and which were missed."""
    goals = [(report.measure, goal) for report in reports for goal in report.goals]
    missed = [f"- {measure}: {sentence(goal)}" for measure, goal in goals if not goal.reached]
    return "\n".join([f"{len(goals) - len(missed)} of {len(goals)} targets reached.", *missed])


def pairs(facts: Mapping[str, str]) -> str:
    """Return names and values, aligned."""
    width = max(map(len, facts))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in facts.items())


def _table(report: Report) -> Table:
    table = Table(title=report.measure, title_justify="left", title_style="bold")
    for name, right in zip(HEAD, RIGHT, strict=True):
        table.add_column(name, justify="right" if right else "left")
    _fill(table, lines_of(report))
    return table


def _fill(table: Table, lines: Sequence[tuple[str, ...]]) -> None:
    for line in lines:
        table.add_row(*line)
