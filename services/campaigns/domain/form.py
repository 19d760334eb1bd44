"""Form: published in versions, retired; what people fill in is a submission."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from shared.decide.decider import Decider
from shared.errors import Conflict, FieldError, Invalid, NotFound
from shared.values import Code, Id, Length, Positive

Kind = Literal["text", "email", "phone", "choice"]


@dataclass(frozen=True, slots=True)
class Question:
    """One field of a form; a `choice` has `choices`."""

    name: Code
    kind: Kind = "text"
    required: bool = False
    choices: Annotated[tuple[Code, ...], Length(0, 50)] = ()


Questions = Annotated[tuple[Question, ...], Length(1, 50)]


@dataclass(frozen=True, slots=True)
class PublishForm:
    """Publish a form, or its next version. `consent_text_version` names the words of its consent."""

    form_id: Id
    fields: Questions
    consent_text_version: Code
    purpose: Code = "marketing"
    channel: Code = "email"
    campaign_id: Id | None = None


@dataclass(frozen=True, slots=True)
class RetireForm:
    """Take no more answers."""

    form_id: Id


@dataclass(frozen=True, slots=True)
class FormPublished:
    """A version of the form."""

    form_id: Id
    version: Positive
    fields: Questions
    consent_text_version: Code
    purpose: Code
    channel: Code
    campaign_id: Id | None = None


@dataclass(frozen=True, slots=True)
class FormRetired:
    """The form takes no more answers."""

    form_id: Id


@dataclass(frozen=True, slots=True)
class Form:
    """A form and its version in force."""

    status: Literal["unknown", "published", "retired"] = "unknown"
    current: FormPublished | None = None


def decide(form: Form, command: Any) -> list[Any]:
    """Return what the command brings about. Raises Rejected."""
    if isinstance(command, PublishForm):
        return _publish(form, command)
    if form.current is None:
        raise NotFound(f"form {command.form_id} is not known")
    return [FormRetired(command.form_id)] if form.status == "published" else []


def _publish(form: Form, command: PublishForm) -> list[Any]:
    if form.status == "retired":
        raise Conflict(f"form {command.form_id} is retired")
    names = [question.name for question in command.fields]
    if len(set(names)) < len(names):
        raise Invalid(FieldError("/fields", "has a name twice"))
    content = (command.consent_text_version, command.purpose, command.channel, command.campaign_id)
    number = form.current.version if form.current else 0
    if form.current == FormPublished(command.form_id, number, command.fields, *content):
        return []
    return [FormPublished(command.form_id, number + 1, command.fields, *content)]


def evolve(form: Form, event: Any) -> Form:
    """Return the form after the event."""
    if isinstance(event, FormPublished):
        return Form("published", event)
    return replace(form, status="retired")


def summary(form: Form) -> Mapping[str, Any] | None:
    """Return the line of the form in lists."""
    return {"status": form.status, "form_version": form.current.version} if form.current else None


FORM = Decider(
    category="form",
    service="campaigns",
    initial=Form(),
    decide=decide,
    evolve=evolve,
    events=(FormPublished, FormRetired),
    commands={"publish": PublishForm, "retire": RetireForm},
    opens=(PublishForm,),
    summary=summary,
    filters=("status",),
)
