"""Submission: a form as one person filled it in, recorded once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from services.campaigns.domain.form import Form, FormPublished, Question
from shared.decide.decider import Decider
from shared.decide.facts import Facts
from shared.errors import Conflict, FieldError, Invalid
from shared.values import FILLED, Code, Id, Length, Positive, Secret

Answers = Annotated[dict[str, str], Length(1, 50)]
LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """Fill a form in. `consented` says that the person agreed to the text the form shows."""

    submission_id: Id
    form_id: Id
    answers: Answers
    consented: bool = False
    visitor_id: Id | None = None
    interest: Code | None = None
    form: Form | None = field(default=None, metadata=FILLED)


@dataclass(frozen=True, slots=True)
class FormConsent:
    """What the person agreed to, in which words."""

    purpose: Code
    channel: Code
    text_version: Code


@dataclass(frozen=True, slots=True)
class FormSubmitted:
    """A person filled a form in; `fields` are the answers as one JSON text, sealed."""

    submission_id: Id
    form_id: Id
    version: Positive
    fields: Secret
    consent: FormConsent | None = None
    visitor_id: Id | None = None
    interest: Code | None = None
    campaign_ref: Id | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """Which version of which form was filled in."""

    form_id: str | None = None
    version: int = 0


def decide(submission: Submission, command: SubmitForm) -> list[FormSubmitted]:
    """A submission is recorded once, if the form asks for what it answers. Raises Rejected."""
    if submission.form_id == command.form_id:
        return []
    if submission.form_id or command.form is None or command.form.status != "published":
        raise Conflict(f"form {command.form_id} takes no answers under {command.submission_id}")
    asked: Any = command.form.current
    if wrong := list(_wrong(asked, command.answers)):
        raise Invalid(*wrong)
    return [_submitted(asked, command)]


def _submitted(asked: FormPublished, command: SubmitForm) -> FormSubmitted:
    consent = FormConsent(asked.purpose, asked.channel, asked.consent_text_version)
    return FormSubmitted(
        command.submission_id,
        command.form_id,
        asked.version,
        json.dumps(command.answers, ensure_ascii=False, sort_keys=True),
        consent if command.consented else None,
        command.visitor_id,
        command.interest,
        asked.campaign_id,
    )


def _wrong(asked: FormPublished, answers: dict[str, str]) -> Iterator[FieldError]:
    known = {question.name: question for question in asked.fields}
    for name in sorted(set(answers) - set(known)):
        yield FieldError(f"/answers/{name}", "is not asked for")
    for name, question in known.items():
        if why := _unfit(question, answers.get(name, "").strip()):
            yield FieldError(f"/answers/{name}", why)


def _unfit(question: Question, answer: str) -> str | None:
    if not answer:
        return "is required" if question.required else None
    if len(answer) > LONGEST:
        return f"is longer than {LONGEST} characters"
    if question.kind == "email" and ("@" not in answer or " " in answer):
        return "is not an e-mail address"
    if question.kind == "choice" and answer not in question.choices:
        return f"needs to be one of {', '.join(question.choices)}"
    return None


def evolve(_: Submission, event: FormSubmitted) -> Submission:
    """Remember what was filled in."""
    return Submission(event.form_id, event.version)


SUBMISSION: Decider[Submission] = Decider(
    category="submission",
    service="campaigns",
    initial=Submission(),
    decide=decide,
    evolve=evolve,
    events=(FormSubmitted,),
    commands={"submit": SubmitForm},
    opens=(SubmitForm,),
    facts={SubmitForm: Facts("form", lambda _, c: [("form", c.form_id)], lambda states: states[0])},
)
