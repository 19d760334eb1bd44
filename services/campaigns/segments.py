"""Who belongs to a living segment: asked of analytics, page by page, as of one moment and one version."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests

from shared.errors import Conflict, Error, FieldError, Invalid, NotFound, Unavailable
from shared.events.clock import parse_rfc3339, rfc3339

PAGE, MOST = 1_000, 200_000
SECONDS = (2.0, 30.0)


@dataclass(frozen=True, slots=True)
class Membership:
    """The members of a segment's version at a moment, and how far analytics had come."""

    members: tuple[str, ...]
    segment_version: int
    as_of: datetime
    watermark: str


class Segments:
    """The segments of analytics. Raises Unavailable when it is away."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._headers = url, {"Authorization": f"Bearer {key}"}

    def members(self, segment_id: str, as_of: datetime | None, version: int | None) -> Membership:
        """Return who belonged to the segment, now and by its version in force unless told otherwise.

        Raises NotFound, Invalid, Conflict, Unavailable.
        """
        asked: dict[str, Any] = {"limit": PAGE, "as_of": as_of and rfc3339(as_of), "version": version}
        first = page = self._page(segment_id, asked)
        members = list(page["items"])
        while page.get("next_cursor"):
            same = {"as_of": first["as_of"], "version": first["segment_version"]}
            page = self._page(segment_id, {**asked, **same, "cursor": page["next_cursor"]})
            members += page["items"]
            if page["segment_version"] != first["segment_version"] or len(members) > MOST:
                raise Conflict(f"segment {segment_id} changed while it was read, or is larger than {MOST}")
        if not members:
            raise Invalid(FieldError("/segment_id", f"segment {segment_id} has no members"))
        moment, watermark = parse_rfc3339(first["as_of"]), _in_words(first["watermark"])
        return Membership(tuple(members), int(first["segment_version"]), moment, watermark)

    def _page(self, segment_id: str, query: dict[str, Any]) -> dict[str, Any]:
        url = f"{self._url}/v1/segments/{quote(segment_id, safe='')}/members"
        try:
            answer = requests.get(
                url,
                params={name: value for name, value in query.items() if value is not None},
                headers=self._headers,
                timeout=SECONDS,
            )
            found: dict[str, Any] = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise Unavailable(
                f"analytics does not tell who belongs to segment {segment_id}: {error}"
            ) from error
        if not answer.ok:
            raise _refusal(segment_id, answer.status_code, found)
        return found


def _refusal(segment_id: str, status: int, problem: dict[str, Any]) -> Error:
    said = f"segment {segment_id}: {problem.get('detail') or problem.get('title')}"
    if status == 404:
        return NotFound(said)
    if status in (400, 422):
        return Invalid(FieldError("/segment_id", said))
    return Unavailable(f"analytics answered {status} for {said}")


def _in_words(watermark: Any) -> str:
    said = watermark if isinstance(watermark, str) else json.dumps(watermark, sort_keys=True)
    return str(said)[:2_000]
