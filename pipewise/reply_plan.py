"""What becomes of a proposed reply: sent, held for approval, or handed to a person."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipewise import outbox
from pipewise.events import OutboundMessage, Template
from pipewise.public_items import holds_private_details, is_public
from pipewise.storage.types import derived_id
from pipewise.turns import NewTask, TurnResult

AGENT = "agent"


@dataclass(frozen=True)
class Channel:
    """Where a reply goes: the integration the lead wrote to, and the lead's address there."""

    integration_id: str
    platform: str
    recipient: str
    reply_mode: str
    template: Template | None = None  # opens a conversation where free text may not be sent

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_channel(document: Mapping[str, Any]) -> Channel:
    template = document["template"]
    if template:
        template = Template(template["name"], template["language"], tuple(template["parameters"]))
    return Channel(**{**document, "template": template})


@dataclass(frozen=True)
class ReplyPlan:
    """What becomes of a proposed reply: a message to send, one that waits for approval, a task for a person, or nothing."""

    draft: outbox.Draft | None = None
    approval: OutboundMessage | None = None
    task: NewTask | None = None

    def as_dict(self) -> dict[str, Any]:
        draft, task = self.draft, self.task
        return {
            "message_id": draft.message_id if draft else None,
            "recipient": [draft.integration_id, draft.platform, draft.recipient] if draft else None,
            "message": draft.message.as_dict() if draft else None,
            "approval": self.approval.as_dict() if self.approval else None,
            "task": [task.kind, task.title, task.detail] if task else None,
        }


def plan_reply(run_id: str, result: TurnResult, channel: Channel | None, *, effects: bool) -> ReplyPlan:
    """Decided from the turn alone, so that a replay can decide it again."""
    if result.reply is None or not effects:
        return ReplyPlan()
    if channel is None:
        title = "A lead cannot be answered by any connected platform"
        return ReplyPlan(task=NewTask("unreachable", title, result.reply.text))
    if channel.reply_mode == "off":
        detail = f"Replies are off on {channel.platform}."
        return ReplyPlan(task=NewTask("reply", "A lead waits for an answer", detail))
    message = replace(result.reply, template=channel.template) if channel.template else result.reply
    exposes = is_public(channel.recipient) and holds_private_details(message.text)
    if exposes or (channel.reply_mode == "approve" and not result.even_if_paused):
        return ReplyPlan(approval=message)
    draft = outbox.Draft(
        message_id=derived_id(run_id, 0),
        message=message,
        integration_id=channel.integration_id,
        platform=channel.platform,
        recipient=channel.recipient,
        author="system" if result.even_if_paused else AGENT,
        run_id=run_id,
    )
    return ReplyPlan(draft)
