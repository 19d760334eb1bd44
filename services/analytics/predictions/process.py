"""Calculations in a process of their own."""

import json
from collections.abc import Mapping
from typing import Any

from services.analytics.aside import Failed, aside
from shared.errors import Error


class NoResult(Error):
    """The calculation led to nothing; the text says why."""


def calculate(work: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a calculation of `work.py`. Raises NoResult."""
    asked = json.dumps({"work": work, "inputs": inputs}).encode()
    try:
        answer: dict[str, Any] = json.loads(aside("services.analytics.predictions", asked))
    except Failed as error:
        raise NoResult(str(error)) from error
    if "reason" in answer:
        raise NoResult(answer["reason"])
    return dict(answer["result"])
