"""What `up` says when everything runs: the demo channels' keys, where everything is, what to try first."""

import time

import requests

from deploy.local.keys import ChannelKeys
from deploy.local.place import SERVICES
from deploy.local.refusal import Refusal
from deploy.local.screen import Screen, Step
from deploy.local.stack import Stack

CHANNELS = {
    "web-shop": "channel.web.*",
    "call-center": "channel.call_center.*",
    "stores": "channel.store.*",
    "mobile-app": "channel.mobile_app.*",
    "erp": "channel.erp.*",
    "mailbox": "channel.email.*",
    "chat": "channel.chat.*",
    "social": "channel.social.*",
    "crm": "channel.crm.*",
}


def channel_keys(stack: Stack, step: Step) -> dict[str, str]:
    """The API key of every demo channel, made by the contacts service at first use."""
    kept = ChannelKeys(stack.place.secrets, stack.mongodb_url)
    for name, pattern in CHANNELS.items():
        if name not in kept.read():
            step.note(name)
            kept.remember(name, _make_key(stack, name, pattern))
    return kept.read()


def _make_key(stack: Stack, name: str, pattern: str) -> str:
    answer = requests.post(
        f"{stack.place.url('contacts')}/v1/keys",
        json={"name": name, "scopes": ["events:write"], "source": name, "types": [pattern]},
        headers={"Authorization": f"Bearer {stack.keys.admin}"},
        timeout=10,
    )
    if not answer.ok:
        raise Refusal(f"contacts made no key for {name} ({answer.status_code}: {answer.text[:300]}).")
    return str(answer.json()["key"])


def welcome(stack: Stack, keys: dict[str, str], screen: Screen) -> None:
    """Print where everything is, the keys, and the first things to try; every line can be copied whole."""
    _section(screen, "Rapport is running", _places(stack))
    _section(screen, "Keys (Authorization: Bearer ...)", {"administrator": stack.keys.admin} | keys)
    screen.console.print("\n[bold]First things to try[/bold]")
    for line in first_steps(stack, keys):
        screen.say(f"  {line}")


def _section(screen: Screen, title: str, rows: dict[str, str]) -> None:
    screen.console.print(f"\n[bold]{title}[/bold]")
    width = max(map(len, rows))
    for name, value in rows.items():
        screen.say(f"  {name:{width}}  {value}")


def _places(stack: Stack) -> dict[str, str]:
    services = {name: f"{stack.place.url(name)}/docs" for name in SERVICES}
    servers = {"RabbitMQ": stack.amqp_url, "MongoDB": stack.mongodb_url}
    return services | servers | {"logs": str(stack.place.logs)}


def first_steps(stack: Stack, keys: dict[str, str]) -> list[str]:
    """Commands to paste: report a web visit, then look at the customer."""
    contacts, analytics = stack.place.url("contacts"), stack.place.url("analytics")
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    event = (
        '{"specversion":"1.0","id":"try-1","source":"web-shop","type":"channel.web.page_viewed.v1",'
        f'"time":"{now}","data":{{"customer":{{"email":"ada@example.com"}},"page":"/welcome"}}}}'
    )
    return [
        "# a visit to the web shop",
        f"curl -s {contacts}/v1/events -H 'Authorization: Bearer {keys.get('web-shop', '')}' "
        f"-H 'Content-Type: application/cloudevents+json' -d '{event}'",
        "# the customer it belongs to, a moment later",
        f"curl -s {analytics}/v1/customers/by/email/ada@example.com "
        f"-H 'Authorization: Bearer {stack.keys.admin}'",
        "# the same without curl, and everything else",
        "./rapport customer show email:ada@example.com --timeline",
        "./rapport --help",
    ]
