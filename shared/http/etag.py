"""ETags are stream versions: `"7"` names the state after the seventh event of a stream."""

import re

from shared.http.problem import Problem

_FORM = re.compile(r'"(\d{1,18})"')


def render(version: int) -> str:
    """The header value for a stream version."""
    return f'"{version}"'


def expected_version(header: str | None) -> int | None:
    """The version an If-Match header demands; None for `*`, which takes any, and without a header.

    Raises: Problem 400 for anything else, weak and multiple tags included.
    """
    if header is None or header.strip() == "*":
        return None
    match = _FORM.fullmatch(header.strip())
    if not match:
        raise Problem(
            400, 'If-Match takes one ETag as this service gave it, such as "7".', kind="bad-if-match"
        )
    return int(match[1])


def unchanged(version: int, if_none_match: str | None) -> bool:
    """Whether the caller's copy, named in If-None-Match, is the current one."""
    if if_none_match is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return render(version) in tags or "*" in tags
