"""Talking to a service: one request, its JSON, or one of the kit's errors in a sentence."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import click
import requests

from shared.cli.place import SERVICES, key_of, url_of
from shared.errors import Conflict, Denied, NotFound, Rejected, Unavailable

KINDS: dict[int, type[Exception]] = {401: Denied, 403: Denied, 404: NotFound, 409: Conflict, 412: Conflict}


class Api:
    """One service with a key."""

    def __init__(self, service: str, url: str | None = None, key: str | None = None) -> None:
        self._service, self._url, self._key = service, url_of(service, url), key_of(key)

    def get(self, *path: str, **query: Any) -> Any:
        """Read `/v1/<path>`; query values that are None are left out."""
        return self.call(
            "GET", *path, params={name: value for name, value in query.items() if value is not None}
        )

    def post(self, *path: str, body: Any = None) -> Any:
        """Post to `/v1/<path>`."""
        return self.call("POST", *path, json=body)

    def delete(self, *path: str) -> Any:
        """Delete `/v1/<path>`."""
        return self.call("DELETE", *path)

    def call(self, method: str, *path: str, **options: Any) -> Any:
        """Send one request. Raises Unavailable, Denied, NotFound, Conflict, Rejected."""
        return self.fetch(method, "/v1/" + "/".join(quote(part, safe="") for part in path), **options).json()

    def fetch(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one request and return the answer if it is good."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            answer = requests.request(method, self._url + path, headers=headers, timeout=60, **options)
        except requests.RequestException as error:
            raise Unavailable(f"{self._service} does not answer at {self._url}; is it up?") from error
        if not answer.ok:
            raise _error(self._service, answer)
        return answer


def _error(service: str, answer: requests.Response) -> Exception:
    said = f"{service}: {_detail(answer)}"
    if answer.status_code == 401 and not answer.request.headers.get("Authorization"):
        return Denied("a key is needed: give --key or set RAPPORT_KEY")
    if answer.status_code in {429, 503}:
        return Unavailable(said)
    return KINDS.get(answer.status_code, Rejected)(said)


def _detail(answer: requests.Response) -> str:
    try:
        problem = answer.json()
        more = "; ".join(f"{e.get('pointer')} {e.get('detail')}" for e in problem.get("errors", []))
        return ": ".join(filter(None, [problem.get("detail") or problem.get("title"), more]))
    except (ValueError, AttributeError):
        return f"answered {answer.status_code} {answer.reason}"


def reaching(service: str | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --url and --key (and SERVICE when none is given), handing the function an `api`."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        from functools import wraps

        @wraps(function)
        def run(url: str | None, key: str | None, **options: Any) -> Any:
            return function(api=Api(service or options.pop("service"), url, key), **options)

        named = service.upper() if service else "SERVICE"
        run = click.option("--url", help=f"Base URL of the service (RAPPORT_{named}_URL).")(run)
        run = click.option("--key", help="API key (RAPPORT_KEY; the local administrator's key).")(run)
        return run if service else click.argument("service", type=click.Choice(SERVICES))(run)

    return decorate
