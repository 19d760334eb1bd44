"""`rapport status`: is everything ready, and how far behind is the customer view."""

from typing import Any

import click
import requests

from shared.cli.place import SERVICES, key_of, url_of
from shared.cli.show import as_json, items, show, table


@click.command("status")
@click.option("--key", help="API key (RAPPORT_KEY; the local administrator's key).")
@as_json
def command(key: str | None, json_: bool) -> None:
    """Show whether all services are ready and how far analytics lags; exit code 1 when one is not ready."""
    services = [_ready(name) for name in SERVICES]
    answer = {"services": services, "projections": _projections(key_of(key))}
    show(answer, json_, _show)
    if not all(each["ready"] for each in services):
        raise SystemExit(1)


def _ready(service: str) -> dict[str, Any]:
    try:
        answer = requests.get(url_of(service) + "/readyz", timeout=3)
    except requests.RequestException:
        return {"service": service, "ready": False, "reasons": f"does not answer at {url_of(service)}"}
    return {"service": service, "ready": answer.ok, "reasons": _reasons(answer)}


def _reasons(answer: requests.Response) -> Any:
    if answer.ok:
        return None
    try:
        told = answer.json()
    except ValueError:
        return answer.reason
    return told.get("reasons") or told.get("checks") or told.get("detail") or answer.reason


def _projections(key: str) -> list[Any]:
    headers = {"Authorization": f"Bearer {key}"}
    try:
        answer = requests.get(url_of("analytics") + "/v1/projections", headers=headers, timeout=3)
    except requests.RequestException:
        return []
    return items(answer.json()) if answer.ok else []


def _show(answer: Any) -> None:
    table(answer["services"], ("service", "ready", "reasons"))
    if answer["projections"]:
        table(answer["projections"], ("name", "version", "position", "behind_journal", "lag", "parked"))
