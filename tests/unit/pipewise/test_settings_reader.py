"""What a process remembers of an account's settings: for a second, and nothing that a change has replaced meanwhile."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from pipewise.settings_reader import KEPT_SECONDS, SettingsReader
from pipewise.storage.database import Database
from tests.fakes import FixedClock


class OneDocument:
    """Answers with what is set now; `meanwhile` happens after it was read and before it is handed over."""

    def __init__(self) -> None:
        self.document: dict[str, Any] = {"company": "Acme"}
        self.reads = 0
        self.meanwhile: Callable[[], None] = lambda: None

    async def ask(self, _work: Callable[[Any], Awaitable[Any]]) -> dict[str, Any]:
        self.reads += 1
        found = dict(self.document)
        self.meanwhile()
        return found


def reading() -> tuple[SettingsReader, OneDocument, FixedClock]:
    database, clock = OneDocument(), FixedClock()
    return SettingsReader(cast("Database", database), clock), database, clock


async def test_what_was_read_is_remembered_for_a_second() -> None:
    reader, database, clock = reading()
    assert [(await reader.read("a")).company for _ in range(3)] == ["Acme"] * 3
    assert database.reads == 1
    database.document = {"company": "Bolt"}
    clock.advance(KEPT_SECONDS + 0.1)
    assert (await reader.read("a")).company == "Bolt"
    assert await reader.read_document("a") == {"company": "Bolt"}
    assert database.reads == 2


async def test_a_change_is_seen_at_once() -> None:
    reader, database, _ = reading()
    await reader.read("a")
    database.document = {"company": "Bolt"}
    reader.forget_all()
    assert (await reader.read("a")).company == "Bolt"


async def test_what_a_change_replaced_while_it_was_read_is_not_remembered() -> None:
    reader, database, _ = reading()

    def change() -> None:
        database.document, database.meanwhile = {"company": "Bolt"}, lambda: None
        reader.forget_all()

    database.meanwhile = change
    assert (await reader.read("a")).company == "Acme"
    assert (await reader.read("a")).company == "Bolt"
