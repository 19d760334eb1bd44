"""Service and surveys: the worked checks of the catalogue, counted from the events of tickets and surveys."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from services.analytics.domain.quantiles import quantile
from services.analytics.metrics.question import Question, Window, scope_of
from services.analytics.metrics.service import rates_of
from shared.errors import Invalid
from shared.project.entry import Until
from tests.company import Company
from tests.unit.analytics.metrics.folded import ask

MAY = Window(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
FRIDAY = datetime(2026, 5, 8, 16, 30, tzinfo=UTC)
MONDAY = datetime(2026, 5, 11, 9, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Desk:
    """Writes the events of tickets and surveys."""

    def __init__(self):
        self.company = Company()

    def ticket(self, number, type_, at, /, **said):
        """Write to a ticket of its own customer."""
        self.company.write("support", type_, f"ticket-{number}", f"c-{number}", at=at, ticket_id=number,
                           channel="email", **said)  # fmt: skip

    def opened(self, number, at=FRIDAY, origin="reactive", **said):
        """Open a ticket."""
        self.ticket(number, "TicketOpened", at, ticket_no=number, origin=origin, priority="high", **said)

    def replied(self, number, at, **said):
        """Answer as a person, in public."""
        self.ticket(number, "ReplySent", at, **{"public": True, "automatic": False, **said})

    def clock(self, number, type_, at, kind="first_response", **said):
        """Write what a clock of the first cycle does."""
        self.ticket(number, type_, at, kind=kind, cycle=1, **said)

    def resolved(self, number, at, cycle=1):
        """Solve a ticket."""
        self.ticket(number, "TicketResolved", at, cycle=cycle, resolution_code="done")

    def survey(self, number, type_, at=FRIDAY, **said):
        """Write to a survey."""
        self.company.write("support", type_, f"survey-{number}", f"c-{number}", at=at, survey_id=str(number),
                           **said)  # fmt: skip

    def answers(self, kind, scores):
        """Answer surveys of one kind."""
        for number, score in enumerate(scores):
            self.survey(f"{kind}{number}", "SurveyResponded", kind=kind, score=score, low=score <= 2)

    def ask(self, metric, window=MAY, **question):
        """Return the figure of a metric."""
        return ask(self.company.events(), metric, Question(window, **question)).figure


@pytest.fixture
def desk():
    """A support without tickets."""
    return Desk()


def test_c7_first_response_from_friday_half_past_four_to_monday_ten_past_nine_is_forty_minutes(desk):
    """Business time is what the clock consumed; wall time stands beside it."""
    desk.opened("1")
    desk.clock("1", "SlaClockStarted", FRIDAY, due_at=(MONDAY + HOUR).isoformat(), target_s=7_200)
    desk.replied("1", MONDAY)
    desk.clock("1", "SlaTargetMet", MONDAY, elapsed_s=2_400)
    found = desk.ask("first_response_time")
    assert found.value == Fraction(40, 60)
    assert found.detail["wall_median"] == Fraction(int((MONDAY - FRIDAY).total_seconds()), 3_600)


def test_t2_notes_and_automatic_replies_are_no_first_response(desk):
    """T-2: the first public reply that a person wrote counts."""
    desk.opened("1")
    desk.replied("1", FRIDAY + MINUTE, automatic=True)
    desk.replied("1", FRIDAY + 2 * MINUTE, public=False)
    desk.replied("1", FRIDAY + 10 * MINUTE)
    assert desk.ask("first_response_time").detail["wall_median"] == Fraction(10, 60)


def test_t6_of_a_ticket_nobody_answered_the_first_response_counts_from_the_reopening(desk):
    """T-6: reopened on Friday at 14:00, answered at 14:10: ten minutes."""
    reopened = datetime(2026, 5, 8, 14, 0, tzinfo=UTC)
    desk.opened("1", at=reopened - 3 * DAY)
    desk.resolved("1", reopened - 2 * DAY)
    desk.ticket("1", "TicketReopened", reopened, cycle=2, cause="customer_message")
    desk.replied("1", reopened + 10 * MINUTE)
    assert desk.ask("first_response_time").detail["wall_median"] == Fraction(10, 60)


def test_t3_a_later_answer_counts_from_the_earliest_unanswered_message(desk):
    """T-3: two messages, one reply: one answer, measured from the first of them."""
    desk.opened("1")
    desk.replied("1", FRIDAY + HOUR)
    for minutes in (120, 150):
        desk.ticket("1", "CustomerMessageReceived", FRIDAY + minutes * MINUTE)
    desk.replied("1", FRIDAY + 180 * MINUTE)
    found = desk.ask("next_response_time")
    assert (found.n, found.detail["wall_median"]) == (1, 1)


def test_c7_resolution_time_leaves_out_what_was_paused(desk):
    """Open 10:00, held 11:00 to 12:00, solved 13:00: two hours, and two hours of waiting for us."""
    ten = datetime(2026, 5, 11, 10, 0, tzinfo=UTC)
    desk.opened("1", at=ten)
    desk.clock("1", "SlaClockStarted", ten, "resolution", due_at=(ten + DAY).isoformat())
    desk.ticket("1", "TicketHeld", ten + HOUR, waiting_on="customer")
    desk.ticket("1", "TicketResumed", ten + 2 * HOUR, cause="customer_message")
    desk.resolved("1", ten + 3 * HOUR)
    desk.clock("1", "SlaTargetMet", ten + 3 * HOUR, "resolution", elapsed_s=7_200)
    found = desk.ask("resolution_time")
    assert found.value == 2
    assert (found.detail["wall_median"], found.detail["wait_median"]) == (3, 2)


def test_compliance_counts_the_clocks_due_in_the_window(desk):
    """Met in time, breached (T-4), cancelled (nowhere), merged away (T-7, nowhere), due in another month."""
    for number in "12345":
        desk.opened(number)
        due = FRIDAY + (40 * DAY if number == "5" else DAY)
        desk.clock(number, "SlaClockStarted", FRIDAY, due_at=due.isoformat())
    desk.clock("1", "SlaTargetMet", FRIDAY + HOUR, elapsed_s=3_600)
    desk.clock("2", "SlaTargetBreached", FRIDAY + DAY, due_at=(FRIDAY + DAY).isoformat())
    desk.clock("2", "SlaClockStopped", FRIDAY + 2 * DAY, elapsed_s=9_000)
    desk.clock("3", "SlaClockCancelled", FRIDAY + HOUR, reason="resolved")
    desk.clock("4", "SlaTargetMet", FRIDAY + HOUR, elapsed_s=3_600)
    desk.company.write(
        "support", "TicketsMerged", "ticket-4", "c-4", at=FRIDAY, survivor_id="1", absorbed_id="4"
    )
    found = desk.ask("sla_compliance")
    assert (found.value, found.numerator, found.denominator) == (Fraction(1, 2), 1, 2)
    assert desk.ask("sla_compliance", scope=scope_of("clock:resolution")).value is None


def test_a_running_clock_that_is_overdue_counts_as_breached(desk):
    """As of a moment after its due time, although nothing has been recorded of it."""
    desk.opened("1")
    desk.clock("1", "SlaClockStarted", FRIDAY, due_at=(FRIDAY + DAY).isoformat())
    before, after = (Until(as_of=FRIDAY + n * HOUR) for n in (23, 25))
    assert desk.ask("sla_compliance", until=before).value is None
    assert desk.ask("sla_compliance", until=after).value == 0


def test_first_contact_resolution_and_reopen_rate(desk):
    """Of three solved tickets one took one reply and stayed solved, one took two, one came back."""
    for number in "123":
        desk.opened(number)
        desk.replied(number, FRIDAY + HOUR)
    desk.replied("2", FRIDAY + 2 * HOUR)
    for number in "123":
        desk.resolved(number, FRIDAY + 3 * HOUR)
    desk.ticket("3", "TicketReopened", FRIDAY + DAY, cycle=2, cause="customer_message")
    assert desk.ask("first_contact_resolution").value == Fraction(2, 3)
    assert desk.ask("reopen_rate").value == Fraction(1, 3)


def test_tickets_resolutions_and_people_are_shown_together(desk):
    """Row 78: two tickets of one person, one of them solved twice."""
    for number in ("1", "2"):
        desk.company.write("support", "TicketOpened", f"ticket-{number}", "c-1", at=FRIDAY, origin="reactive")
    for cycle in (1, 2):
        desk.company.write(
            "support", "TicketResolved", "ticket-1", "c-1", at=FRIDAY + cycle * DAY, cycle=cycle
        )
    assert desk.ask("tickets").detail == {"tickets": 2, "resolutions": 2, "people": 1}


def test_proactive_and_reactive_are_counted_apart(desk):
    """Row 83, 84: two cases, one of which became a ticket, against three who asked by themselves."""
    for number in ("1", "2"):
        desk.company.write(
            "support", "ProactiveCaseRaised", f"case-{number}", "c-9", at=FRIDAY, rule_id="late"
        )
    desk.company.write("support", "ProactiveCaseResolved", "case-1", "c-9", at=FRIDAY, ticket_id="p")
    desk.opened("p", origin="proactive")
    for number in "123":
        desk.opened(number)
    found = desk.ask("proactive_share")
    assert (found.numerator, found.denominator) == (2, 5)
    assert desk.ask("tickets", scope=scope_of("origin:reactive")).value == 3


def test_deflection_is_what_self_service_spared(desk):
    """One question was answered by an article, three were asked."""
    desk.company.write("support", "TicketDeflected", "article-1", None, at=FRIDAY, article_id="1")
    for number in "123":
        desk.opened(number)
    assert desk.ask("deflection_rate").value == Fraction(1, 4)


def test_handle_time_is_the_median_of_the_calls(desk):
    """Row 82: calls of 60, 120 and 600 seconds; a page that was looked at is no contact."""
    for number, seconds in enumerate((60, 120, 600)):
        desk.company.write("contacts", "InteractionRecorded", f"interaction-{number}", None,
                           at=FRIDAY, kind="call", direction="in", duration_s=seconds)  # fmt: skip
    desk.company.write("contacts", "InteractionRecorded", "interaction-p", None, at=FRIDAY, kind="page_view",
                       direction="in", duration_s=9_999)  # fmt: skip
    assert desk.ask("handle_time").value == Fraction(120, 3_600)


def test_a_shift_to_self_service_lowers_the_blended_cost(desk):
    """Row 97: ten mails at 2.50, then five mails and five deflected at 0.05 each."""
    for number in range(10):
        desk.opened(str(number), at=FRIDAY)
    dear = desk.ask("cost_per_contact")
    june = Window(MAY.to, MAY.to + 30 * DAY)
    for number in range(5):
        desk.opened(f"j{number}", at=MAY.to + DAY)
        desk.company.write("support", "TicketDeflected", "article-1", None, at=MAY.to + DAY, article_id="1")
    cheap = desk.ask("cost_per_contact", june)
    assert (dear.value, cheap.value) == (250, Fraction(5 * 250 + 5 * 5, 10))


def test_rates_that_can_not_be_read_are_refused_by_name():
    """No guess, no 500."""
    with pytest.raises(Invalid):
        rates_of("email=cheap")


def test_c7_nps_of_thirty_percent_promoters_and_twenty_detractors_is_ten(desk):
    """Three of ten say 9 or 10, two say 6 or less."""
    desk.answers("nps", [10, 9, 9, 8, 8, 7, 7, 7, 6, 0])
    assert desk.ask("nps").value == 10


def test_c7_csat_of_74_satisfied_in_107_answers(desk):
    """74 of 107 is 69.2 %."""
    desk.answers("csat", [4, 5] * 37 + [3] * 33)
    assert round(float(desk.ask("csat").value), 3) == 0.692


def test_ces_is_the_mean_agreement(desk):
    """7, 5 and 3 are 5 on average; answers to other questions do not mix in."""
    desk.answers("ces", [7, 5, 3])
    desk.answers("nps", [0])
    assert desk.ask("ces").value == 5


def test_t9_a_correction_replaces_the_score_and_counts_once(desk):
    """T-9: the second answer corrects the first."""
    desk.answers("csat", [1])
    desk.survey("csat0", "SurveyResponded", FRIDAY + DAY, kind="csat", score=5, low=False, correction=True)
    found = desk.ask("csat")
    assert (found.value, found.n) == (1, 1)


def test_response_rate_and_loop_closure(desk):
    """Row 92, 93: of four asked and not skipped two answered; one of two low answers was acted on."""
    for number in range(5):
        desk.survey(number, "SurveyRequested", kind="csat", ticket_id="t", cycle=1)
    desk.survey(4, "SurveySkipped", reason="asked_lately")
    for number in (0, 1):
        desk.survey(number, "SurveyResponded", kind="csat", score=1, low=True)
    desk.survey(0, "FeedbackLoopClosed", action="called")
    assert desk.ask("survey_response_rate").value == Fraction(2, 4)
    assert desk.ask("loop_closure").value == Fraction(1, 2)


def test_themes_are_counted_by_name(desk):
    """Row 94: what the answers are about, for every department."""
    for number, themes in enumerate((["speed"], ["speed", "price"])):
        desk.survey(number, "SurveyResponded", kind="csat", score=5, low=False, themes=themes)
    found = ask(desk.company.events(), "feedback_themes", Question(MAY, by="theme"))
    assert [(p.label, p.figure.value) for p in found.points] == [("price", 1), ("speed", 2)]


def test_quantiles_interpolate():
    """The median of four values lies between the middle ones, the 90th percentile near the last."""
    assert quantile([1, 2, 3, 10], Fraction(1, 2)) == Fraction(5, 2)
    assert quantile([1, 2, 3, 10], Fraction(9, 10)) == Fraction(79, 10)


def test_row_114_satisfaction_is_that_of_who_had_the_ticket_when_the_survey_began(desk):
    """Whoever takes the ticket over afterwards is not judged; a survey about no ticket is nobody's."""
    for number, (team, score) in {"1": ("home", 5), "2": ("home", 2), "3": ("away", 4)}.items():
        desk.opened(number)
        desk.ticket(number, "TicketAssigned", FRIDAY + MINUTE, team=team, handler=f"{team}-ann")
        desk.survey(number, "SurveyRequested", FRIDAY + HOUR, kind="csat", ticket_id=number, cycle=1)
        desk.survey(number, "SurveyResponded", FRIDAY + DAY, kind="csat", score=score, low=score <= 2)
        desk.ticket(number, "TicketAssigned", FRIDAY + 2 * HOUR, team="late", handler="bob")
    desk.answers("csat", [1])
    points = ask(desk.company.events(), "csat", Question(MAY, by="team")).points
    assert {p.label: p.figure.value for p in points} == {"": 0, "away": 1, "home": Fraction(1, 2)}
    assert desk.ask("csat", scope=scope_of("handler:home-ann")).value == Fraction(1, 2)
    assert desk.ask("survey_response_rate", scope=scope_of("team:away")).value == 1


def test_row_102_rates_of_teams_weighed_by_their_answers_are_the_rate_of_the_company(desk):
    """Numerators and denominators add up over teams and over customers; so do plain counts."""
    for number in range(6):
        desk.opened(str(number))
        desk.ticket(str(number), "TicketAssigned", FRIDAY + MINUTE, team=f"team-{number % 4}")
        said = {"kind": "csat", "score": 1 + number % 5, "low": False, "ticket_id": str(number)}
        desk.survey(number, "SurveyResponded", FRIDAY + DAY, **said)
    for metric in ("csat", "survey_response_rate", "loop_closure"):
        company = desk.ask(metric)
        for by in ("team", "customer", "channel"):
            figures = [p.figure for p in ask(desk.company.events(), metric, Question(MAY, by=by)).points]
            assert sum(f.numerator for f in figures) == company.numerator
            assert sum(f.denominator for f in figures) == company.denominator
    opened = ask(desk.company.events(), "tickets", Question(MAY, by="team"))
    assert sum(p.figure.value for p in opened.points) == opened.figure.value == 6
