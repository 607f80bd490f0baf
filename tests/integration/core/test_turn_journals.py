"""A turn that is taken up again finds in its rows what its earlier try was told, and asks nobody for it."""

from pipewise.journal_codec import plain
from pipewise.storage.journal import list_segments
from pipewise.storage.types import new_id
from pipewise.turn_journals import TurnJournals
from pipewise.turns import TurnRequest
from pipewise.vault import Vault
from tests.integration.core.harness import Core


class Model:
    """Answers, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        return f"answer {self.asked}"


async def request_for(core: Core, run_id: str) -> TurnRequest:
    lead_id = await core.hear("Schedule a demo", key=new_id())
    segments = await core.database.ask(lambda c: list_segments(c, core.account_id, run_id))
    return TurnRequest(run_id, core.account_id, await core.lead(lead_id), (), segments=tuple(segments))


async def test_a_second_try_uses_what_the_first_was_told(core: Core) -> None:
    journals = TurnJournals(core.vault, core.commits, core.clock, {})
    run_id, model = new_id(), Model()
    for _ in range(2):
        journal = journals.open(await request_for(core, run_id))
        assert await journal.step("model", "q", model, plain(), lasting=True) == "answer 1"
    assert model.asked == 1


async def test_what_was_sealed_under_a_key_that_is_gone_is_worked_out_anew(core: Core) -> None:
    run_id, model = new_id(), Model()
    first = TurnJournals(core.vault, core.commits, core.clock, {}).open(await request_for(core, run_id))
    await first.step("model", "q", model, plain(), lasting=True)
    journals = TurnJournals(Vault(["another key"]), core.commits, core.clock, {})
    second = journals.open(await request_for(core, run_id))
    assert await second.step("model", "other", model, plain(), lasting=True) == "answer 2"
