"""The collection plan: declared before collected."""

from dataclasses import replace

from services.contacts.domain import PLAN
from services.contacts.domain.standard import STANDARD
from shared.errors import Conflict, Invalid, NotFound
from shared.plan import Rule, rule_of
from shared.plan.messages import (
    DeclareField,
    FieldDeclared,
    FieldRetired,
    FieldRevised,
    PlanPublished,
    PublishPlan,
    RetireField,
    ReviseField,
)
from shared.testing.given import given

DECLARE = DeclareField("contact", "size", "choice", "fitting shoes", 730, vocabulary="sizes")
PUBLISHED = PlanPublished("contact", 1)
DECLARED = FieldDeclared("contact", "size", "choice", "fitting shoes", 730, vocabulary="sizes")


def test_a_field_is_declared_with_its_purpose_and_retention() -> None:
    """Once; without a purpose it is refused."""
    given(PLAN).when(DECLARE).then(DECLARED)
    given(PLAN, DECLARED).when(DECLARE).then_raises(Conflict, "revise")
    given(PLAN).when(replace(DECLARE, purpose=" ")).then_raises(Invalid, "purpose")


def test_a_choice_needs_a_vocabulary_and_nothing_else_has_one() -> None:
    """Each without the other is refused."""
    given(PLAN).when(replace(DECLARE, vocabulary=None)).then_raises(Invalid, "vocabulary")
    given(PLAN).when(replace(DECLARE, type="text")).then_raises(Invalid, "vocabulary")


def test_a_revision_keeps_the_type() -> None:
    """Also across retirement, because values are kept."""
    revise = ReviseField("contact", "size", "fitting", 365, mandatory=True, vocabulary="sizes")
    revised = FieldRevised("contact", "size", "choice", "fitting", 365, mandatory=True, vocabulary="sizes")
    given(PLAN, DECLARED).when(revise).then(revised)
    given(PLAN, DECLARED, revised).when(revise).then_nothing()
    retired = FieldRetired("contact", "size", "unread")
    given(PLAN, DECLARED).when(RetireField("contact", "size", "unread")).then(retired)
    changed = replace(DECLARE, type="text", vocabulary=None)
    given(PLAN, DECLARED, retired).when(changed).then_raises(Conflict, "choice")
    given(PLAN).when(revise).then_raises(NotFound, "size")


def test_only_declared_and_standard_fields_have_a_rule() -> None:
    """A retired one has none any more, not even a standard one."""
    plan = given(PLAN, DECLARED, PUBLISHED).state()
    assert rule_of(plan, "size", ("s", "m"), STANDARD) == Rule("choice", False, ("s", "m"), 730)
    assert rule_of(plan, "birth_date", None, STANDARD) == Rule("date")
    assert rule_of(plan, "shoe_size", None, STANDARD) is None
    retired = FieldRetired("contact", "size", "unread")
    later = given(PLAN, DECLARED, PUBLISHED, retired, PlanPublished("contact", 2)).state()
    assert rule_of(later, "size", (), STANDARD) is None


def test_a_plan_is_a_draft_until_it_is_published() -> None:
    """What is declared, revised and retired counts with the next version alone."""
    draft = given(PLAN, DECLARED).state()
    assert (draft.status, rule_of(draft, "size", (), STANDARD)) == ("draft", None)
    published = given(PLAN, DECLARED).when(PublishPlan("contact")).then(PUBLISHED)
    assert (published.status, list(published.live)) == ("published", ["size"])
    given(PLAN, DECLARED, PUBLISHED).when(PublishPlan("contact")).then_nothing()
    retired = FieldRetired("contact", "size", "unread")
    again = given(PLAN, DECLARED, PUBLISHED, retired)
    assert (again.state().status, list(again.state().live)) == ("draft", ["size"])
    assert again.when(PublishPlan("contact")).then(PlanPublished("contact", 2)).live == {}
    given(PLAN).when(PublishPlan("contact")).then_raises(NotFound, "declares nothing")
