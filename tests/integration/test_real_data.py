"""Public data through the real doors: what analytics answers is what the files say.

The pipeline is imported whole, of the invoices every eighth, of the calls every twentieth.
RAPPORT_REAL_DATA=whole imports all of them, and compares the published facts of the data folder as well.
"""

import os
from collections import Counter

import pytest

from tests.importing import Body, Importer
from tests.real_data import BANK, DATA, DEALS, MONTHS, RETAIL, Calls, Deals, Retail, sliced
from tests.real_data import calls as calls_of
from tests.real_data import deals as deals_of
from tests.real_data import retail as retail_of
from tests.stack import RunningStack

WHOLE = os.environ.get("RAPPORT_REAL_DATA") == "whole"
EVER = {"from": "2000-01-01", "to": "2100-01-01"}
YEAR = {"from": "2017-01-01", "to": "2018-01-01"}  # of the closed deals
RETAIL_SPAN = {"from": "2010-12-01", "to": "2011-07-13"}
CALLED = {"from": "2008-05-01", "to": "2011-01-01"}
POUNDS, SUMS = {"currency": "GBP"}, ("gross", "returned", "cancelled", "net")
PATIENCE = 3_000 if WHOLE else 900  # seconds; two cores may be busy with other tests
pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.timeout(PATIENCE + 60),
    pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not here"),
]


@pytest.fixture(scope="module")
def importer(running_stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Importer:
    """The importer into the stack of this module."""
    return Importer(running_stack, tmp_path_factory.mktemp("imports"), PATIENCE)


@pytest.fixture(scope="module")
def dealt(importer: Importer) -> Deals:
    """The facts of the pipeline, imported whole."""
    counts = importer.run(DEALS, "crm_pipeline")
    assert counts["accepted"] == 8_800
    assert importer.settled("sales", "crm-pipeline", 8_800)["applied"] == 8_800
    return deals_of(DEALS)


@pytest.fixture(scope="module")
def sold(importer: Importer) -> Retail:
    """The facts of the invoices, imported."""
    eighth = importer.folder / "eighth.csv"
    file = RETAIL if WHOLE else sliced(RETAIL, eighth, lambda _, line: int(line["InvoiceNo"][-3:]) % 8 == 0)
    facts, counts = retail_of(file), importer.run(file, "online_retail")
    assert (counts["read"], counts["rejected"]) == (facts.rows, facts.senseless)
    assert counts["events"] == len(facts.orders) + len(facts.returns)
    entry = importer.settled("sales", "online-retail", counts["events"])
    assert entry["applied"] == counts["events"]
    return facts


@pytest.fixture(scope="module")
def called(importer: Importer) -> Calls:
    """The facts of the calls, imported."""
    twentieth = importer.folder / "twentieth.csv"
    file = BANK if WHOLE else sliced(BANK, twentieth, lambda number, _: number % 20 == 0, ";")
    facts, counts = calls_of(file), importer.run(file, "bank_marketing")
    assert counts["accepted"] == counts["read"] == sum(facts.contacts.values())
    entry = importer.settled("campaigns", "bank-marketing", counts["events"])
    assert entry["applied"] == counts["events"]
    return facts


def points(importer: Importer, metric: str, by: str, **query: str) -> Counter[str]:
    """Return a metric's values by a period or a dimension, without zeros."""
    found = importer.answer(f"/v1/metrics/{metric}", by=by, **query)["points"]
    return +Counter({point["label"]: point["value"] for point in found})


def test_deals_won_and_lost_by_sales_rep(importer: Importer, dealt: Deals) -> None:
    """Counts and won value of every sales rep are those of the file; so are the published sums."""
    assert points(importer, "deals_opened", "owner", **EVER) == +dealt.opened
    for metric, facts in (("deals_won", dealt.won), ("deals_lost", dealt.lost), ("won_value", dealt.value)):
        assert points(importer, metric, "owner", **YEAR) == +facts
    won = importer.answer("/v1/metrics/won_value", **EVER)
    assert (won["value"], won["currencies"], won["n"]) == (10_005_534_00, ["USD"], 4_238)
    assert importer.answer("/v1/metrics/deals_lost", **EVER)["value"] == 2_473
    assert dealt.value["Darcel Schlecht"] == 1_153_214_00


def test_deals_count_when_they_were_closed(importer: Importer, dealt: Deals) -> None:
    """Won value by month is the file's, by quarter the published one."""
    assert points(importer, "won_value", "month", **YEAR) == dealt.months
    quarters = importer.answer("/v1/metrics/won_value", by="quarter", **YEAR)["points"]
    assert [(p["value"], p["n"]) for p in quarters] == [
        (1_134_672_00, 531),
        (3_086_111_00, 1_254),
        (2_982_255_00, 1_257),
        (2_802_496_00, 1_196),
    ]


def test_win_rate_and_cycle(importer: Importer, dealt: Deals) -> None:
    """Win rate by quarter and by sales rep and the median cycle are the published ones."""
    rate = importer.answer("/v1/metrics/win_rate", by="quarter", **YEAR)
    assert (rate["numerator"], rate["denominator"]) == (4_238, 6_711)
    assert [round(100 * point["value"], 2) for point in rate["points"]] == [82.07, 61.71, 61.41, 60.25]
    reps = importer.answer("/v1/metrics/win_rate", by="owner", **YEAR)["points"]
    assert {p["label"]: p["numerator"] for p in reps} == {**dict.fromkeys(dealt.lost, 0), **+dealt.won}
    cycle = importer.answer("/v1/metrics/sales_cycle", **YEAR)
    assert (cycle["value"], round(cycle["detail"]["mean"], 2)) == (57, 51.78)


def test_an_account_has_won_its_value(importer: Importer, dealt: Deals) -> None:
    """The customer views of the best accounts show the value won with them."""
    for account, value in dealt.accounts.most_common(10):
        view = importer.answer(f"/v1/customers/customer_no:account-{account}")["customer"]
        assert view["opportunities"]["won"]["value"] == {"USD": value}


def test_revenue_gross_and_net(importer: Importer, sold: Retail) -> None:
    """Gross, returned and net revenue agree by month, by country and in all."""
    for place, by in enumerate(("month", "country")):
        for metric, facts in (("gross_revenue", sold.gross), ("returned_revenue", sold.returned)):
            expected: Counter[str] = Counter()
            for key, amount in facts.items():
                expected[key[place]] += amount
            assert points(importer, metric, by, **RETAIL_SPAN, **POUNDS) == +expected
    gross, returned = sum(sold.gross.values()), sum(sold.returned.values())
    sums = {name: importer.answer(f"/v1/metrics/{name}_revenue", **EVER, **POUNDS) for name in SUMS}
    assert {n: (s["value"], s["n"]) for n, s in sums.items()} == {
        "gross": (gross, len(sold.orders)), "returned": (returned, len(sold.returns)),
        "cancelled": (0, 0), "net": (gross - returned, len(sold.orders)),
    }  # fmt: skip
    assert not WHOLE or (gross, returned) == (5_072_361_99, 432_281_53)


def test_customers_and_their_rfm(importer: Importer, sold: Retail) -> None:
    """As many customers are ranked as bought; whole, the customers by month and the cut points agree too."""
    ranked = importer.answer("/v1/rfm", basis="gross", **RETAIL_SPAN, **POUNDS)
    assert ranked["customers"] == sum(gross > 0 for gross, _ in sold.customers.values())
    counts = importer.answer("/v1/metrics/customers", by="month", **RETAIL_SPAN)
    assert counts["value"] == ranked["customers"]
    assert not WHOLE or [p["value"] for p in counts["points"]] == [885, 741, 758, 974, 856, 1_056, 991, 395]
    assert not WHOLE or ranked["cuts"]["recency"] == [20, 42, 77.6, 133]
    assert not WHOLE or ranked["cuts"]["frequency"] == [1, 1, 2, 4]


def test_the_best_customers_net_of_returns(importer: Importer, sold: Retail) -> None:
    """The ranking begins with the ten best customers by net value."""
    found = importer.answer("/v1/customers", limit=10, currency="GBP")["items"]
    best = sold.best(lambda sums: sums[0] - sums[1])
    assert [(number_of(c), c["orders"]["value"]["GBP"]["net"]) for c in found] == best
    assert not WHOLE or best[0] == ("14646", 135_957_11)


def test_the_best_customers_gross(importer: Importer, sold: Retail) -> None:
    """The views of the ten best customers show what they bought, and what they gave back."""
    best = sold.best(lambda sums: sums[0])
    for number, gross in best:
        value = importer.answer(f"/v1/customers/customer_no:retail-{number}")["customer"]["orders"]["value"]
        assert (value["GBP"]["gross"], value["GBP"]["returned"]) == (gross, sold.customers[number][1])
    assert not WHOLE or best[2] == ("12346", 77_183_60)


def test_every_customer_is_one_view(importer: Importer, sold: Retail) -> None:
    """The ranking holds each customer once, with the value of all its invoices."""
    views: list[Body] = []
    cursor: str | None = ""
    while cursor is not None:
        page = importer.answer("/v1/customers", limit=200, currency="GBP", cursor=cursor or None)
        views, cursor = views + page["items"], page["next_cursor"]
    found = [(number_of(view), view["orders"]["value"]["GBP"]) for view in views]
    assert sorted((n, v["gross"], v["returned"]) for n, v in found) == sorted(
        (number, *sums) for number, sums in sold.customers.items()
    )
    assert not WHOLE or sum(v["gross"] > 0 for _, v in found) == 3_027


def test_responses_by_month_and_kind_of_contact(importer: Importer, called: Calls) -> None:
    """Calls, contacts made and responses agree for every month of the year and every kind of contact."""
    assert importer.answer("/v1/metrics/attempts_per_contact", **CALLED)["numerator"] == called.attempts
    told = {"attempts_per_contact": called.contacts, "campaign_responses": called.responses}
    for metric, facts in told.items():
        found: Counter[tuple[str, str]] = Counter()
        for medium in {medium for _, medium in facts}:
            asked = {"by": "month", "scope": f"medium:{medium}", **CALLED}
            for point in importer.answer(f"/v1/metrics/{metric}", **asked)["points"]:
                found[MONTHS[int(point["label"][-2:]) - 1], medium] += point["n"]
        assert +found == +facts
    assert not WHOLE or (called.attempts, called.responses["may", "unknown"]) == (124_956, 261)


def test_a_second_import_changes_nothing(importer: Importer, dealt: Deals) -> None:
    """Rows that were taken before are duplicates, and no service has written anything."""
    heads = [part["head"] for part in importer.answer("/v1/ledger")["journal"]]
    file = sliced(DEALS, importer.folder / "again.csv", lambda number, _: number <= 300)
    counts = importer.run(file, "crm_pipeline")
    assert (counts["read"], counts["duplicate"]) == (300, 300)
    assert [part["head"] for part in importer.answer("/v1/ledger")["journal"]] == heads


def test_a_broken_row_harms_no_neighbour(importer: Importer, dealt: Deals) -> None:
    """Rows that can not be read are told with the reason; a contradiction waits in quarantine."""
    good = [f"row-{n},Broken Rows,GTXPro,,Engaging,2017-01-0{n},,".encode() for n in range(1, 7)]
    bad = [b"row-7,Broken Rows", b"row-8,Br\xffken Rows,GTXPro,,Engaging,2017-01-01,,",
           b"row-9,Broken Rows,GTXPro,,Engaging,2017-13-01,,"]  # fmt: skip
    contradiction = b"row-10,Broken Rows,GTXPro,,Lost,2017-02-02,2017-01-01,0"
    file, header = importer.folder / "broken.csv", DEALS.read_bytes().splitlines()[0]
    file.write_bytes(b"\n".join([header, *good[:3], *bad, contradiction, *good[3:]]) + b"\n")
    counts = importer.run(file, "crm_pipeline")
    assert (counts["read"], counts["accepted"], counts["rejected"]) == (10, 7, 3)
    refused = (importer.folder / "broken.csv.rejects").read_text().splitlines()[1:]
    assert [line.split(",")[0] for line in refused] == ["4", "5", "6"]
    entry = importer.settled("sales", "crm-pipeline", 8_800 + 7)
    assert (entry["quarantined"], entry["applied"]) == (1, 8_806)
    opened = importer.answer("/v1/metrics/deals_opened", scope="owner:Broken Rows", **EVER)
    assert opened["value"] == len(good)


def number_of(view: Body) -> str:
    """Return the customer number of a view."""
    (number,) = [p["value"] for p in view["contact_points"] if p["kind"] == "customer_no"]
    return str(number).removeprefix("retail-")
