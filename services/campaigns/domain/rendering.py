"""Marketers' templates: Jinja2 in a sandbox, where a name that does not exist or is not known is an error."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

Link = Callable[[str], str]
NAMES = ("given_name", "family_name", "name")
PLAIN = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
MARKUP = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True, slots=True)
class Person:
    """What a template may say of the person: `{{ person.given_name or "customer" }}`.

    What is not known is false, and can not be said: nobody is written to as "Dear ,". Its preferences are
    `{{ preferences.topic }}`.
    """

    given_name: str = ""
    family_name: str = ""
    name: str = ""
    preferences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered message."""

    subject: str
    text: str
    html: str | None


class Unknown(Undefined):
    """A merge field that is not known of the person: false, and an error where it is to be said."""

    def __str__(self) -> str:
        raise UndefinedError(f"{self._undefined_name} is not known of this person")


class Told:
    """Preferences by topic; one that was not told is as unknown as a name."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told

    def __getitem__(self, topic: str) -> str | Unknown:
        return self._told.get(topic) or Unknown(name=f"preferences.{topic}")


class Anything(dict[str, str]):
    """The preferences of a sample person: every topic is told."""

    def __missing__(self, topic: str) -> str:
        return topic

    def get(self, topic: str, default: Any = None) -> str:  # noqa: ARG002 - a mapping's signature
        """Return the topic itself."""
        return self[topic]


class Unrenderable(Exception):
    """The template does not work; the text says why."""


def render(
    subject: str, text: str, html: str | None, person: Person, link: Link, unsubscribe_url: str
) -> Letter:
    """Return the letter; `{{ link("https://...") }}` is a link whose clicks are seen. Raises Unrenderable."""
    said = {name: getattr(person, name) or Unknown(name=f"person.{name}") for name in NAMES}
    known = {"person": said, "preferences": Told(person.preferences), "link": link}
    known["unsubscribe_url"] = unsubscribe_url
    try:
        title = _template(PLAIN, subject).render(known)
        plain = _template(PLAIN, text).render(known)
        markup = None if html is None else _template(MARKUP, html).render(known)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise Unrenderable(str(error)) from error
    return Letter(" ".join(title.split()), plain, markup)


def sample(subject: str, text: str, html: str | None) -> Letter:
    """Return what a person of whom everything is known would get. Raises Unrenderable."""
    ada = Person("Ada", "Lovelace", "Ada Lovelace", Anything())
    return render(subject, text, html, ada, str, "https://example.com/unsubscribe")


@lru_cache(maxsize=200)
def _template(environment: SandboxedEnvironment, source: str) -> Template:
    return environment.from_string(source)
