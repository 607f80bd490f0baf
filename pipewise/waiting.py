"""What a lead sees while its turn takes a moment: first that somebody is typing, then, once, that an answer is coming."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pipewise import outbox
from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.errors import PlatformError
from pipewise.events import OutboundMessage
from pipewise.language.detect import detect_language
from pipewise.language.phrases import say
from pipewise.leads import Lead
from pipewise.public_items import item_id
from pipewise.reply_plan import Channel
from pipewise.sender import Sender
from pipewise.settings_document import read_settings
from pipewise.storage import lanes, leads
from pipewise.storage.account_settings import read_document
from pipewise.storage.database import Database
from pipewise.storage.lanes import Lease
from pipewise.storage.messages import message_exists
from pipewise.storage.types import derived_id
from pipewise.turns import RunTurn, TurnRequest, TurnResult
from pipewise.wording import word_for

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """Seconds from a turn's start."""

    typing: float = 1.0
    holding: float = 20.0
    longest: float = 100.0


class WaitingLead:
    def __init__(
        self,
        database: Database,
        connections: Connections,
        clock: Clock,
        sender: Sender,
        run_turn: RunTurn,
        patience: Patience,
    ) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock
        self._sender = sender
        self._run_turn = run_turn
        self._patience = patience

    async def run(self, lease: Lease, request: TurnRequest, channel: Channel | None) -> TurnResult:
        """The turn's result. Raises TimeoutError once patience is at its end, and whatever the turn raises."""
        started = self._clock.monotonic()
        turn = asyncio.create_task(self._run_turn(request))
        try:
            for seconds, act in self._steps():
                left = max(0.0, started + seconds - self._clock.monotonic())
                done, _ = await asyncio.wait({turn}, timeout=left)
                if done:
                    return turn.result()
                if act and channel and _may_see_signs(channel, request.lead):
                    await act(lease, request, channel)
        finally:
            if not turn.done():
                turn.cancel()
                await asyncio.gather(turn, return_exceptions=True)
        raise TimeoutError(f"the turn took longer than {self._patience.longest:g} s")

    def _steps(self) -> tuple[tuple[float, Callable[[Lease, TurnRequest, Channel], Awaitable[None]] | None], ...]:
        patience = self._patience
        return ((patience.typing, self._show_typing), (patience.holding, self._hold), (patience.longest, None))

    async def _show_typing(self, lease: Lease, request: TurnRequest, channel: Channel) -> None:
        message_id = request.events[-1].content.get("vendor_id")
        found = await self._connections.messaging(lease.account_id, channel.integration_id)
        if not message_id or found is None:
            return
        try:
            await found.messenger.show_typing(str(message_id))
        except PlatformError:
            log.info("typing could not be shown", extra={"lead_id": lease.lead_id})

    async def _hold(self, lease: Lease, request: TurnRequest, channel: Channel) -> None:
        message_id = derived_id("holding", request.events[0].id)
        language = _language(request)
        account = read_settings(await self._database.ask(lambda c: read_document(c, lease.account_id)))
        own = account.holding_message
        draft = outbox.Draft(
            message_id=message_id,
            message=OutboundMessage(word_for(own, language) if own else say("holding", language)),
            integration_id=channel.integration_id,
            platform=channel.platform,
            recipient=channel.recipient,
            run_id=request.run_id,
        )
        async with self._database.write() as connection:
            await leads.lock_lead(connection, lease.account_id, lease.lead_id)
            await lanes.check(connection, lease)
            if await message_exists(connection, lease.account_id, message_id):
                return
            await outbox.queue(connection, lease.account_id, lease.lead_id, draft, self._clock.now())
        await self._sender.send_open(lease)


def _may_see_signs(channel: Channel, lead: Lead) -> bool:
    """Not before a conversation is open, not where the answer itself may never come, and not where only one may be given."""
    may_answer = channel.reply_mode == "auto" and lead.agent == "active" and not lead.opted_out
    return may_answer and channel.template is None and item_id(channel.recipient) is None


def _language(request: TurnRequest) -> str:
    return detect_language(str(request.events[-1].content.get("text") or ""), default=request.lead.language)
