"""Standing: of every assessment the differences alone, also when customers are merged and parted."""

from services.analytics.domain.standing import STANDING, Standing
from services.analytics.domain.standing.commands import Absorb, Assess, Join, Part, Release, Risk
from services.analytics.domain.standing.events import (
    ChurnRiskEased,
    ChurnRiskRaised,
    CustomerValueTierChanged,
    LifecycleStageChanged,
    Membership,
    SegmentEntered,
    SegmentExited,
    StandingAbsorbed,
    StandingJoined,
    StandingParted,
    StandingReleased,
)
from shared.decide.decider import At
from shared.testing.controls import moment
from shared.testing.given import given

LOYAL, NORTH = Membership("loyal", 2), Membership("north", 1)
IN_LOYAL, IN_NORTH = SegmentEntered("a", "loyal", 2), SegmentEntered("a", "north", 1)


def test_a_customer_enters_and_leaves_a_segment_once():
    """The same assessment again brings nothing, another version of the rule neither."""
    given(STANDING).when(Assess("a", (LOYAL,))).then(IN_LOYAL)
    given(STANDING, IN_LOYAL).when(Assess("a", (LOYAL,))).then_nothing()
    given(STANDING, IN_LOYAL).when(Assess("a", (Membership("loyal", 3),))).then_nothing()
    given(STANDING, IN_LOYAL).when(Assess("a", (NORTH,))).then(SegmentExited("a", "loyal", 2), IN_NORTH)


def test_a_stage_begins_when_it_began_in_the_world():
    """The event says from where, and occurs at that moment."""
    stage = LifecycleStageChanged("a", "customer", "prospect")
    known = LifecycleStageChanged("a", "prospect")

    given(STANDING, known).when(Assess("a", stage="customer", stage_since=moment(3))).then(
        At(stage, moment(3))
    )
    given(STANDING, known).when(Assess("a", stage="prospect", stage_since=moment(9))).then_nothing()


def test_tier_and_churn_risk_are_told_when_they_change():
    """A tier that is lost goes to none; a risk that was never raised is not eased."""
    low = CustomerValueTierChanged("a", "values-1", None, "low")
    high, gone = (
        Risk("0.8", True, False, ("silent for 60 days",), "gap-1"),
        Risk("0.1", False, True, (), "gap-1"),
    )
    raised = ChurnRiskRaised("a", "0.8", ("silent for 60 days",), "gap-1")

    given(STANDING).when(Assess("a", tier="low", tier_model="values-1", risk=gone)).then(low)
    lost = CustomerValueTierChanged("a", "values-2", "low", None)
    given(STANDING, low).when(Assess("a", tier_model="values-2")).then(lost)
    given(STANDING).when(Assess("a", risk=high)).then(raised)
    given(STANDING, raised).when(Assess("a", risk=high)).then_nothing()
    given(STANDING, raised).when(Assess("a", risk=gone)).then(ChurnRiskEased("a", "0.1", "gap-1"))


def test_a_risk_between_the_limits_stays_as_it_was_before_the_merge():
    """One who parts from a customer at risk was not at risk, and is not said to be."""
    between = Assess("a", risk=Risk("0.6", False, False, (), "gap-1"))
    joined = StandingJoined("a", "b", at_risk=True)

    given(STANDING, joined).when(between).then_nothing()
    given(STANDING, joined, StandingParted("a", "b")).when(between).then_nothing()


def test_a_merge_is_no_reason_to_leave_and_enter():
    """What was said of the absorbed and is true of both goes on; only what is new to both is said."""
    theirs = Standing(segments={"north": 1}, stage="customer", at_risk=True)
    now = Assess("a", (LOYAL, NORTH), stage="customer", stage_since=moment())
    joined = StandingJoined("a", "b", (NORTH,), stage="customer", at_risk=True)

    given(STANDING, IN_LOYAL).when(Join("a", "b", theirs, now)).then(joined)
    given(STANDING, IN_LOYAL, joined).when(now).then_nothing()
    given(STANDING, IN_LOYAL, joined).when(Join("a", "b", theirs, now)).then_nothing()


def test_a_merge_says_what_really_changes():
    """A segment of the absorbed that does not pick both is left in the survivor's name only if it was in."""
    theirs = Standing(segments={"loyal": 2, "north": 1})
    joined = StandingJoined("a", "b")

    given(STANDING).when(Join("a", "b", theirs, Assess("a"))).then(joined)
    given(STANDING, IN_LOYAL, joined).when(Assess("a")).then(SegmentExited("a", "loyal", 2))


def test_a_merge_undone_leaves_both_as_never_merged():
    """The survivor is out of what it took over without a word, the absorbed is where it was."""
    tier = CustomerValueTierChanged("a", "values-1", None, "low")
    joined = StandingJoined("a", "b", (NORTH,), tier="high", stage="customer", at_risk=True)
    before = given(STANDING, IN_LOYAL, tier).state()

    assert (
        given(STANDING, IN_LOYAL, tier, joined).when(Part("a", "b")).then(StandingParted("a", "b")) == before
    )
    absorbed = StandingAbsorbed("b", "a")
    given(STANDING).when(Absorb("b", "a")).then(absorbed)
    given(STANDING, absorbed).when(Absorb("b", "a")).then_nothing()
    given(STANDING, absorbed).when(Assess("b", (LOYAL,))).then_nothing()
    assert given(STANDING, absorbed).when(Release("b")).then(StandingReleased("b")) == Standing()
    given(STANDING).when(Release("b")).then_nothing()


def test_what_was_said_while_merged_stands_after_parting():
    """Left as one, the survivor stays out; entered as one, it stays in until it is assessed alone."""
    joined = StandingJoined("a", "b", (NORTH,), stage="customer")
    left, changed = SegmentExited("a", "north", 1), LifecycleStageChanged("a", "lapsed", "customer")
    again = given(STANDING, joined, left, IN_NORTH, changed).when(Part("a", "b")).after()

    assert again.segments == {"north": 1}
    assert again.stage == "lapsed"
    given(STANDING, joined, left).when(Part("a", "b"), Assess("a")).then_nothing()


def test_who_goes_on_as_another_is_in_no_list():
    """Lists name every customer once."""
    assert STANDING.summary is not None
    assert STANDING.summary(Standing(survivor="a")) is None
    line = {"segments": ["loyal"], "tier": "top", "stage": None, "at_risk": False}
    assert STANDING.summary(Standing({"loyal": 2}, "top")) == line
