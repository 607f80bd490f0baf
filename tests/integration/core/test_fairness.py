"""One user's flood does not keep another's lead waiting: counted in answers that went before, not in seconds."""

from dataclasses import replace

from pipewise import integrations as integration_rules
from pipewise.engine.embedded import EmbeddedEngine
from pipewise.inbox import Inbox
from pipewise.platforms.registry import get_platform
from pipewise.storage import accounts, lanes
from tests.fakes import NOON
from tests.integration.core.harness import NUMBER_ID, WHATSAPP, Core
from tests.integration.core.test_engine import soon

CROWD = 60
BEFORE = 12  # of the crowd's answers, at most: a few were under way when the quiet lead wrote


async def open_quiet_account(core: Core) -> Core:
    """A second user with a number of their own, on the same process."""
    platform = get_platform("whatsapp")
    other = Core.__new__(Core)
    other.__dict__ |= core.__dict__
    async with core.database.write() as connection:
        user = await accounts.add_user(connection, "quiet@shop.example", accounts.Role.ADMIN, NOON)
        other.account_id = user.account_id
        other.whatsapp = await integration_rules.connect(
            connection,
            core.vault,
            user.account_id,
            platform,
            name=None,
            credentials=platform.credentials.model_validate(WHATSAPP),
            settings=platform.settings(),
            now=NOON,
        )
    return other


async def test_a_quiet_users_lead_does_not_wait_for_a_noisy_users_crowd(core: Core) -> None:
    engine = EmbeddedEngine(core.worker.run_lane, core.worker.scan, core.clock, most=8)
    core.inbox = Inbox(core.commits, core.vault, core.clock, core.inbox._crash, lambda _: None)
    quiet = await open_quiet_account(core)
    for number in range(CROWD):
        await core.hear("hi", key=f"crowd {number}", sender=f"35191100{number:04d}")
    quiet_number = "351919999999"
    event = replace(quiet.message("hello", key="quiet", sender=quiet_number), account_ref=NUMBER_ID)
    await quiet.deliver(event)
    await engine.start()
    await soon(lambda: any(sent.to == quiet_number for sent in core.messenger.tries), 20)
    place = next(place for place, sent in enumerate(core.messenger.tries) if sent.to == quiet_number)
    await soon(lambda: len(core.messenger.tries) == CROWD + 1, 30)
    await engine.stop(5)
    assert place <= BEFORE


async def test_the_accounts_of_due_lanes_take_turns(core: Core) -> None:
    quiet = await open_quiet_account(core)
    for number in range(5):
        await core.hear("hi", key=f"crowd {number}", sender=f"35191100{number:04d}")
    await quiet.deliver(quiet.message("hello", key="quiet", sender="351919999999"))
    due = await core.database.ask(lambda c: lanes.list_due(c, core.clock.now()))
    lead = next(row["lead_id"] for row in await core.rows(lanes.lanes) if row["account_id"] == quiet.account_id)
    assert len(due) == 6
    assert due.index(lead) <= 1
