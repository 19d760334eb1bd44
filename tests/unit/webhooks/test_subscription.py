"""Subscriptions: who gets what, under which secret, and whether it goes on."""

from datetime import timedelta

import pytest

from shared.errors import Conflict, Invalid, NotFound
from shared.testing.controls import moment
from shared.testing.given import given
from shared.webhooks import (
    DisableWebhook,
    PauseWebhook,
    RegisterWebhook,
    RemoveWebhook,
    ReplayWebhook,
    ResumeWebhook,
    RotateSecret,
    WebhookDisabled,
    WebhookPaused,
    WebhookRegistered,
    WebhookRemoved,
    WebhookReplayed,
    WebhookResumed,
    WebhookSecretRotated,
    webhook,
)
from shared.webhooks.address import Forbidden, is_public, permitted, wrong_url
from shared.webhooks.progress import LONGEST, Mark, failed, following, hopeless, pause, resting

WEBHOOK = webhook("sales")
URL, TYPES = "https://shop.example.com/hooks", ("rapport.sales.Order*",)
REGISTERED = WebhookRegistered("erp", URL, TYPES)
REGISTER = RegisterWebhook("erp", URL, TYPES)
DISABLED = WebhookDisabled("erp", "gone")


def test_an_id_is_registered_once():
    """The same again is no news; another URL under the id is refused, also after the removal."""
    given(WEBHOOK).when(REGISTER).then(REGISTERED)
    given(WEBHOOK, REGISTERED).when(REGISTER).then_nothing()
    given(WEBHOOK, REGISTERED).when(RegisterWebhook("erp", URL + "2", TYPES)).then_raises(Conflict, "once")
    given(WEBHOOK, REGISTERED, WebhookRemoved("erp")).when(REGISTER).then_raises(Conflict, "once")
    given(WEBHOOK).when(PauseWebhook("erp")).then_raises(NotFound, "erp")


def test_it_is_paused_disabled_resumed_and_removed():
    """What is satisfied is no news; a removed one does nothing any more."""
    gone = WebhookRemoved("erp")

    given(WEBHOOK, REGISTERED).when(PauseWebhook("erp")).then(WebhookPaused("erp"))
    given(WEBHOOK, REGISTERED).when(ResumeWebhook("erp")).then_nothing()
    given(WEBHOOK, REGISTERED).when(DisableWebhook("erp", "gone")).then(DISABLED)
    given(WEBHOOK, REGISTERED, DISABLED).when(DisableWebhook("erp", "x")).then_nothing()
    given(WEBHOOK, REGISTERED, DISABLED).when(ResumeWebhook("erp")).then(WebhookResumed("erp"))
    given(WEBHOOK, REGISTERED).when(RemoveWebhook("erp")).then(gone)
    given(WEBHOOK, REGISTERED, gone).when(RemoveWebhook("erp")).then_nothing()
    given(WEBHOOK, REGISTERED, gone).when(ResumeWebhook("erp")).then_raises(Conflict, "removed")


def test_an_old_secret_signs_for_a_day_more():
    """So a receiver has a day to change over."""
    rotated = WebhookSecretRotated("erp", 2, moment(1))

    state = given(WEBHOOK, REGISTERED).when(RotateSecret("erp", moment(0))).then(rotated)
    assert state.generations(moment(0.9)) == (2, 1)
    assert state.generations(moment(1)) == (2,)


def test_what_was_asked_moves_the_mark_once():
    """A replay sends it back, going on anew forgets the failures; neither happens twice."""
    failing = failed(Mark(7), moment(), timedelta(seconds=4), "503")
    replayed = given(WEBHOOK, REGISTERED, WebhookReplayed("erp", 3)).state()
    resumed = given(WEBHOOK, REGISTERED, DISABLED, WebhookResumed("erp")).state()

    given(WEBHOOK, REGISTERED).when(ReplayWebhook("erp", 3)).then(WebhookReplayed("erp", 3))
    assert following(failing, given(WEBHOOK, REGISTERED).state()) == failing
    assert following(failing, replayed) == Mark(3, 1, 1)
    assert following(Mark(9, 1, 1), replayed) == Mark(9, 1, 1)
    assert following(failing, resumed) == Mark(7, 2)
    assert resting(failing, given(WEBHOOK, REGISTERED).state(), moment())
    assert not resting(failing, resumed, moment())


def test_pauses_double_up_to_hours_and_patience_ends():
    """Between half and all of 1, 2, 4 ... seconds, at most four hours; five days of failure are the end."""
    assert [pause(n, 1).total_seconds() for n in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert pause(3, 0) == timedelta(seconds=2)
    assert pause(1_000, 1) == LONGEST
    failing = failed(Mark(7), moment(), LONGEST, "503")
    assert not hopeless(failing, moment(4.9))
    assert hopeless(failed(failing, moment(5), LONGEST, "503"), moment(5))


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example.com/hooks",
        "ftp://shop.example.com",
        "https://user:secret@shop.example.com/",
        "https://shop.example.com/#a",
        "https://shop.example.com:99999/",
        "https://[::1/",
        "https:///hooks",
        "https://shop.example.com/a b",
        "https://shop.example.com/\r\nHost: x",
        "nonsense",
    ],
)
def test_a_url_that_is_none_is_refused(url):
    """By the field, with the reason."""
    given(WEBHOOK).when(RegisterWebhook("erp", url, TYPES)).then_raises(Invalid, "/url")


def test_http_is_for_this_machine_alone():
    """Everybody else needs https."""
    assert wrong_url("http://localhost:8000/hooks") is None
    assert wrong_url("http://127.0.0.1/hooks") is None
    assert "https" in (wrong_url("http://10.0.0.1/hooks") or "")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a9fe:a9fe",
    ],
)  # fmt: skip
def test_no_address_inside_the_company_is_posted_to(address):
    """Whatever it is wrapped in, and even if another address of the same name is public."""
    assert not is_public(address)
    with pytest.raises(Forbidden, match="not a public address"):
        permitted(["93.184.216.34", address], private=False)
    assert permitted([address], private=True) == address


def test_public_addresses_are_posted_to():
    """IPv4 and IPv6."""
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
