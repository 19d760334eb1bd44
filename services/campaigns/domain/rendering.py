"""Marketers' templates: Jinja2 in a sandbox, where a name that does not exist or is not known is an error."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, Undefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

Link = Callable[[str], str]
PLAIN = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
MARKUP = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True, slots=True)
class Person:
    """What a template may say of the person: `{{ person.given_name or "customer" }}`.

    What is not known is false, and can not be said: nobody is written to as "Dear ,".
    """

    given_name: str = ""
    family_name: str = ""
    name: str = ""


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


class Unrenderable(Exception):
    """The template does not work; the text says why."""


def render(
    subject: str, text: str, html: str | None, person: Person, link: Link, unsubscribe_url: str
) -> Letter:
    """Return the letter; `{{ link("https://...") }}` is a link whose clicks are seen. Raises Unrenderable."""
    said = {field: value or Unknown(name=f"person.{field}") for field, value in asdict(person).items()}
    known = {"person": said, "link": link, "unsubscribe_url": unsubscribe_url}
    try:
        title = _template(PLAIN, subject).render(known)
        plain = _template(PLAIN, text).render(known)
        markup = None if html is None else _template(MARKUP, html).render(known)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise Unrenderable(str(error)) from error
    return Letter(" ".join(title.split()), plain, markup)


def sample(subject: str, text: str, html: str | None) -> Letter:
    """Return what a person of whom everything is known would get. Raises Unrenderable."""
    ada = Person("Ada", "Lovelace", "Ada Lovelace")
    return render(subject, text, html, ada, str, "https://example.com/unsubscribe")


@lru_cache(maxsize=200)
def _template(environment: SandboxedEnvironment, source: str) -> Template:
    return environment.from_string(source)
