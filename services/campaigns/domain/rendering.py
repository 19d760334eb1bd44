"""Marketers' templates: Jinja2 in a sandbox, where a name that does not exist is an error."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

Link = Callable[[str], str]
PLAIN = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
MARKUP = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True, slots=True)
class Person:
    """What a template may say of the person: `{{ person.given_name }}`; what is not known is empty."""

    given_name: str = ""
    family_name: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered message."""

    subject: str
    text: str
    html: str | None


class Unrenderable(Exception):
    """The template does not work; the text says why."""


def render(
    subject: str, text: str, html: str | None, person: Person, link: Link, unsubscribe_url: str
) -> Letter:
    """Return the letter; `{{ link("https://...") }}` is a link whose clicks are seen. Raises Unrenderable."""
    known = {"person": asdict(person), "link": link, "unsubscribe_url": unsubscribe_url}
    try:
        said = _template(PLAIN, subject).render(known)
        plain = _template(PLAIN, text).render(known)
        markup = None if html is None else _template(MARKUP, html).render(known)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise Unrenderable(str(error)) from error
    return Letter(" ".join(said.split()), plain, markup)


def sample(subject: str, text: str, html: str | None) -> Letter:
    """Return what an unknown person would get. Raises Unrenderable."""
    return render(subject, text, html, Person(), str, "https://example.com/unsubscribe")


@lru_cache(maxsize=200)
def _template(environment: SandboxedEnvironment, source: str) -> Template:
    return environment.from_string(source)
