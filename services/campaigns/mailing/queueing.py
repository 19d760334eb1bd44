"""Queue a campaign's message for everybody in its frozen audience, part by part."""

from datetime import datetime
from typing import Any

from services.campaigns.audiences import Audiences
from services.campaigns.domain.campaign import AudienceFrozen, Campaign, CampaignPlanned
from services.campaigns.domain.campaign.audience import in_control, variant_of
from services.campaigns.domain.message import MESSAGE, QueueMessage, message_id
from shared.events.ids import derived
from shared.mail.deciding import Batch, Task
from shared.receive.heard import Instruct
from shared.store.port import Store
from shared.store.write import Put

QUEUED = "queued_parts"
STEP, CYCLE = "launch", 1


class Queueing:
    """Remembers which part comes next; a part that is queued again after a crash names the same messages."""

    def __init__(self, store: Store, audiences: Audiences, batch: Batch) -> None:
        self._store, self._audiences, self._batch = store, audiences, batch

    def step(self, campaign: Campaign, at: datetime) -> int:
        """Queue the next part; return how many people were in it, 0 when all are queued."""
        plan, audience = campaign.plan, campaign.audience
        if plan is None or audience is None or not plan.templates:
            return 0
        mark = self._store.fetch(QUEUED, [plan.campaign_id]).get(plan.campaign_id, {})
        number = int(mark.get("next", 0))
        members = [] if mark.get("done") else self._audiences.part(audience.list_hash, number)
        if mark.get("done"):
            return 0
        progress = {"_id": plan.campaign_id, "next": number + 1, "done": not members}
        tasks = [_task(plan, audience, member) for member in members]
        self._batch.do(tasks, at, Put(QUEUED, progress))
        return len(members)


def _task(plan: CampaignPlanned, audience: AudienceFrozen, member: str) -> Task:
    key = message_id(plan.campaign_id, STEP, member, CYCLE)
    command: Any = QueueMessage(
        key,
        plan.campaign_id,
        member,
        STEP,
        CYCLE,
        variant_of(member, audience.seed, plan.templates),
        plan.purpose,
        control=in_control(member, audience.seed, audience.control_share),
    )
    return Task(derived("queue", key), Instruct(MESSAGE.category, key, command), member)
