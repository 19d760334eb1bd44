"""The reports that come with Rapport: one for each question every company has."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from services.analytics.domain.report import ReportTemplateSaved
from shared.contracts.contract import Contract
from shared.contracts.payload import from_data

FILE = Path(__file__).parent / "shipped.yaml"
SAVED = Contract("rapport.analytics.ReportTemplateSaved.v1", "analytics", ReportTemplateSaved)


def _read(text: str) -> Mapping[str, tuple[ReportTemplateSaved, str]]:
    return {name: (_template(name, said), said["asks"]) for name, said in yaml.safe_load(text).items()}


def _template(name: str, said: Mapping[str, Any]) -> ReportTemplateSaved:
    parts = {part: said[part] for part in ("title", "queries", "layout")}
    return from_data(ReportTemplateSaved, SAVED.check({"template_id": name, "version": 1, **parts}))


SHIPPED: Mapping[str, tuple[ReportTemplateSaved, str]] = _read(FILE.read_text(encoding="utf-8"))
