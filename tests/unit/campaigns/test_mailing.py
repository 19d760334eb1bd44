"""Templates, links and e-mails."""

from email import message_from_bytes
from email.policy import default

import pytest

from services.campaigns.domain.rendering import Person, Unrenderable, render, sample
from services.campaigns.domain.template import (
    TEMPLATE,
    DefineTemplate,
    RetireTemplate,
    TemplateDefined,
    TemplateRetired,
)
from services.campaigns.mailing.composing import compose
from services.campaigns.mailing.links import Links
from shared.errors import Conflict, Invalid, NotFound
from shared.mail.tokens import Tokens
from shared.testing.given import given

TEXT = (
    'Dear {{ person.given_name or "customer" }}: {{ link("https://x.example/?a=1") }} {{ unsubscribe_url }}'
)
DEFINED = TemplateDefined(
    "hello", 1, "shop@example.com", "Hello {{ person.given_name }}", TEXT, "<p>{{ person.name }}</p>"
)
TOKENS = Tokens(b"k" * 32)


def test_a_template_is_data_in_versions():
    """Every change is the next version; the same words are no news."""
    define = DefineTemplate("hello", DEFINED.sender, DEFINED.subject, DEFINED.text, DEFINED.html)
    shorter = DefineTemplate("hello", DEFINED.sender, "Hi", "Hi")

    given(TEMPLATE).when(define).then(DEFINED)
    given(TEMPLATE, DEFINED).when(define).then_nothing()
    given(TEMPLATE, DEFINED).when(shorter).then(TemplateDefined("hello", 2, DEFINED.sender, "Hi", "Hi"))
    given(TEMPLATE, DEFINED).when(RetireTemplate("hello")).then(TemplateRetired("hello"))
    given(TEMPLATE, DEFINED, TemplateRetired("hello")).when(define).then_raises(Conflict, "retired")
    given(TEMPLATE).when(RetireTemplate("hello")).then_raises(NotFound, "hello")


@pytest.mark.parametrize(
    "text",
    ["{{ persn.name }}", "{{ person.nickname }}", "{% if %}", "{{ ''.__class__.__mro__ }}", "{{ 1 / 0 }}"],
)
def test_a_template_that_does_not_render_is_refused(text):
    """Unknown names, wrong syntax and ways out of the sandbox are refused when the template is written."""
    given(TEMPLATE).when(DefineTemplate("t", "shop@example.com", "Hi", text)).then_raises(Invalid, "render")


def test_a_merge_field_that_is_not_known_never_sends_a_blank():
    """Requirement 46: the template says what else to say, or no letter is written; in text and markup."""
    named, bare = 'Dear {{ person.given_name or "customer" }}', "Dear {{ person.given_name }}"
    rest = (str, "https://x.example")

    assert render(named, named, named, Person("Ada"), *rest).text == "Dear Ada"
    assert render(named, named, named, Person(), *rest).html == "Dear customer"
    for said in (
        (bare, "x", None),
        ("x", bare, None),
        ("x", "x", bare),
        ("x", bare.replace(" }", "|upper }"), None),
    ):
        assert render(*said, Person("Ada"), *rest)
        with pytest.raises(Unrenderable, match=r"person\.given_name is not known"):
            render(*said, Person(), *rest)


def test_row_46_two_people_get_what_each_prefers():
    """One template: content by preference; who told none gets the rest, and a blank is never sent."""
    text = '{% if preferences.topics == "garden" %}Seeds{% else %}Kettles{% endif %}'
    rest = (str, "https://x.example")
    gardener, cook = Person(preferences={"topics": "garden"}), Person(preferences={"topics": "kitchen"})

    assert [render("x", text, None, who, *rest).text for who in (gardener, cook, Person())] == [
        "Seeds", "Kettles", "Kettles",
    ]  # fmt: skip
    assert sample("x", "{{ preferences.size }} {{ preferences.items }}", None).text == "size items"
    with pytest.raises(Unrenderable, match=r"preferences\.size is not known"):
        render("x", "{{ preferences.size }}", None, gardener, *rest)
    with pytest.raises(Unrenderable):
        render("x", "{{ preferences._told }}", None, gardener, *rest)


def test_an_email_carries_one_click_headers_unbroken():
    """RFC 8058: however long the URL, it stays one readable line."""
    links = Links("https://mail.example.com/" + "long/" * 60, TOKENS)

    mail = compose(DEFINED, Person("Ada", name="<Ada>"), "ada@example.com", "m-1", "m-1.1", links)
    raw = mail.as_bytes()
    read = message_from_bytes(raw, policy=default)

    assert read["List-Unsubscribe"] == f"<{links.unsubscribe('m-1')}>"
    assert b"=?utf-8?" not in raw.split(b"List-Unsubscribe-Post")[0]
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Message-ID"] == "<m-1.1@example.com>"
    assert read["Subject"] == "Hello Ada"
    assert "&lt;Ada&gt;" in read.get_body(("html",)).get_content()
    assert links.unsubscribe("m-1") in read.get_body(("plain",)).get_content()


def test_a_name_adds_no_header():
    """A line feed in a name stays in the subject, as a space."""
    person = Person("Ada\r\nBcc: all@example.com", name="Ada")

    mail = compose(DEFINED, person, "ada@example.com", "m-1", "m-1.1", Links("https://x.example", TOKENS))

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Ada Bcc: all@example.com"


def test_links_are_signed_and_serve_one_purpose():
    """A token that was altered, made elsewhere or made for something else is not known."""
    token = TOKENS.make("click", "m-1", "https://x.example/\u00e4")

    assert TOKENS.open("click", token) == ["m-1", "https://x.example/\u00e4"]
    for wrong in (token[:-2] + "xx", "", "a", "\u00e4", Tokens(b"o" * 32).make("click", "m-1", "x")):
        with pytest.raises(NotFound):
            TOKENS.open("click", wrong)
    with pytest.raises(NotFound):
        TOKENS.open("unsubscribe", token)
