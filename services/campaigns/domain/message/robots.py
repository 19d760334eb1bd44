"""Was it a person? The rule by which opens and clicks are flagged; it gets better, so it has a version."""

import re
from datetime import datetime, timedelta

RULE_VERSION = 1
PROGRAMS = re.compile(r"bot|crawl|spider|scan|preview|proxy|monitor|curl|wget|python|headless|urllib", re.I)
TOO_FAST = timedelta(seconds=3)


def automated(agent: str, sent_at: datetime | None, at: datetime) -> tuple[bool, str]:
    """Return whether a machine did it, and the evidence for that."""
    if found := PROGRAMS.search(agent):
        return True, f"the program names itself {found[0].lower()}"
    if not agent.strip():
        return True, "the program names itself not at all"
    if sent_at is not None and at - sent_at < TOO_FAST:
        return True, "within three seconds of the sending"
    return False, "a browser, after a while"
