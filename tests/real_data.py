"""Facts of the public data sets, computed from the files with the standard library alone."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

DATA = Path(__file__).parents[2] / "shared" / "data"
RETAIL = DATA / "online_retail" / "online_retail_2010-12-01_2011-07-12.csv.gz"
BANK = DATA / "bank_marketing" / "bank-full.csv"
DEALS = DATA / "crm_pipeline" / "sales_pipeline.csv"
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
Line = dict[str, str]


def lines_of(path: Path, delimiter: str = ",") -> Iterator[Line]:
    """Yield the rows of a CSV file, packed or not."""
    with gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="") as text:
        yield from csv.DictReader(text, delimiter=delimiter)


def sliced(path: Path, target: Path, keep: Callable[[int, Line], bool], delimiter: str = ",") -> Path:
    """Write the rows for which `keep(number, row)` holds to `target`; numbers count from 1."""
    rows = list(lines_of(path, delimiter))
    with target.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(row for number, row in enumerate(rows, 1) if keep(number, row))
    return target


def minor(amount: Decimal | str) -> int:
    """Return an amount in hundredths, half up."""
    return int((Decimal(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass
class Retail:
    """Sales and credit notes; money in pence, rounded line by line. Customer -> (gross, returned)."""

    rows: int = 0
    senseless: int = 0
    gross: Counter[tuple[str, str]] = field(default_factory=Counter)
    returned: Counter[tuple[str, str]] = field(default_factory=Counter)
    orders: set[str] = field(default_factory=set)
    returns: set[str] = field(default_factory=set)
    customers: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, line: Line) -> None:
        """Book one line."""
        self.rows += 1
        back, quantity = line["InvoiceNo"].startswith("C"), Decimal(line["Quantity"])
        if Decimal(line["UnitPrice"]) <= 0 or (quantity >= 0 if back else quantity <= 0):
            self.senseless += 1
            return
        amount = minor(abs(quantity) * Decimal(line["UnitPrice"]))
        (self.returned if back else self.gross)[line["InvoiceDate"][:7], line["Country"]] += amount
        (self.returns if back else self.orders).add(line["InvoiceNo"])
        if customer := line["CustomerID"].removesuffix(".0"):
            self.customers[customer][back] += amount

    def best(self, worth: Callable[[list[int]], int]) -> list[tuple[str, int]]:
        """Return the ten best customers by what they are worth."""
        ranked = sorted(((key, worth(sums)) for key, sums in self.customers.items()), key=lambda c: -c[1])
        return ranked[:10]


def retail(path: Path) -> Retail:
    """Return the facts of an online retail file."""
    facts = Retail()
    for line in lines_of(path):
        facts.add(line)
    return facts


@dataclass
class Calls:
    """Calls and responses by month and kind of contact; `attempts` is the sum of contacts made."""

    contacts: Counter[tuple[str, str]] = field(default_factory=Counter)
    responses: Counter[tuple[str, str]] = field(default_factory=Counter)
    attempts: int = 0


def calls(path: Path) -> Calls:
    """Return the facts of a bank marketing file."""
    facts = Calls()
    for line in lines_of(path, ";"):
        key = line["month"], line["contact"]
        facts.contacts[key] += 1
        facts.responses[key] += line["y"] == "yes"
        facts.attempts += int(line["campaign"])
    return facts


@dataclass
class Deals:
    """Opportunities by sales rep; what was won also by month and by account. Money in cents."""

    opened: Counter[str] = field(default_factory=Counter)
    won: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    value: Counter[str] = field(default_factory=Counter)
    months: Counter[str] = field(default_factory=Counter)
    accounts: Counter[str] = field(default_factory=Counter)


def deals(path: Path) -> Deals:
    """Return the facts of a sales pipeline file."""
    facts = Deals()
    for line in lines_of(path):
        owner = line["sales_agent"]
        facts.opened[owner] += 1
        facts.lost[owner] += line["deal_stage"] == "Lost"
        if line["deal_stage"] == "Won":
            facts.won[owner] += 1
            facts.value[owner] += minor(line["close_value"])
            facts.months[line["close_date"][:7]] += minor(line["close_value"])
            facts.accounts[line["account"]] += minor(line["close_value"])
    return facts
