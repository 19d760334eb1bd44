"""Forms and what people fill in."""

import pytest

from services.campaigns.domain.form import FORM, FormPublished, FormRetired, PublishForm, Question, RetireForm
from services.campaigns.domain.submission import SUBMISSION, FormConsent, FormSubmitted, SubmitForm
from services.campaigns.naming import named
from shared.errors import Conflict, Invalid, NotFound
from shared.identity import Refs
from shared.testing.given import given

FIELDS = (Question("email", "email", True), Question("size", "choice", choices=("s", "l")))
PUBLISHED = FormPublished("news", 1, FIELDS, "v3", "marketing", "email", "spring")
STATE = given(FORM, PUBLISHED).state()
ANSWERS = {"email": "ada@example.com", "size": "s"}


def submit(answers, form=STATE, **more):
    """Return the command with its fact."""
    return SubmitForm("s-1", "news", answers, form=form, **more)


def test_a_form_is_published_in_versions_and_retired():
    """The same form is no news; a retired one stays so."""
    publish = PublishForm("news", FIELDS, "v3", campaign_id="spring")

    given(FORM).when(publish).then(PUBLISHED)
    given(FORM, PUBLISHED).when(publish).then_nothing()
    given(FORM, PUBLISHED).when(RetireForm("news")).then(FormRetired("news"))
    given(FORM, PUBLISHED, FormRetired("news")).when(publish).then_raises(Conflict, "retired")
    given(FORM).when(RetireForm("news")).then_raises(NotFound)
    given(FORM).when(PublishForm("news", (*FIELDS, *FIELDS), "v3")).then_raises(Invalid, "twice")


def test_a_submission_is_recorded_once_with_its_consent():
    """C6: it carries who, what they agreed to in which words, and the campaign of the form."""
    consent = FormConsent("marketing", "email", "v3")
    fields = '{"email": "ada@example.com", "size": "s"}'
    submitted = FormSubmitted("s-1", "news", 1, fields, consent, campaign_ref="spring")

    given(SUBMISSION).when(submit(ANSWERS, consented=True)).then(submitted)
    given(SUBMISSION, submitted).when(submit(ANSWERS)).then_nothing()
    given(SUBMISSION).when(submit(ANSWERS, form=None)).then_raises(Conflict, "no answers")


@pytest.mark.parametrize(
    ("answers", "place"),
    [
        ({}, "/answers/email"),
        ({"email": "ada"}, "/answers/email"),
        (ANSWERS | {"size": "xl"}, "/answers/size"),
        (ANSWERS | {"shoe": "9"}, "/answers/shoe"),
        (ANSWERS | {"email": "a@" + "b" * 3000}, "/answers/email"),
    ],
)
def test_wrong_answers_are_refused_by_name(answers, place):
    """What is required, unknown or unfit is named."""
    given(SUBMISSION).when(submit(answers)).then_raises(Invalid, place)


def test_the_answers_are_sealed_for_the_person_they_name():
    """The strongest identifier among the answers names the person, else the visitor, else nobody."""
    refs = Refs(b"k" * 32)

    assert named(refs, submit(ANSWERS)).customer == refs.customer({"email": "ADA@example.com"})
    visitor = named(refs, submit({"size": "s"}, visitor_id="v-1"))
    assert visitor.customer == refs.customer({"visitor_id": "v-1"})
    assert named(refs, submit({"size": "s"})).customer is None
