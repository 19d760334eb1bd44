"""The collection plan: declared before collected."""

from dataclasses import replace

from services.contacts.domain import PLAN
from services.contacts.domain.fields import Rule
from services.contacts.domain.plan import (
    DeclareField,
    FieldDeclared,
    FieldRetired,
    FieldRevised,
    RetireField,
    ReviseField,
    rule_of,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.testing.given import given

DECLARE = DeclareField("contact", "size", "choice", "fitting shoes", 730, vocabulary="sizes")
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
    plan = given(PLAN, DECLARED).state()
    assert rule_of(plan, "size", ("s", "m")) == Rule("choice", False, ("s", "m"))
    assert rule_of(plan, "birth_date", None) == Rule("date")
    assert rule_of(plan, "shoe_size", None) is None
    retired = given(PLAN, DECLARED, FieldRetired("contact", "size", "unread")).state()
    assert rule_of(retired, "size", ()) is None
