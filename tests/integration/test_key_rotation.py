"""Every stored secret moves under the newest master key, in batches, again and again if need be; on both databases."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from pipewise import integrations as integration_acts
from pipewise import key_rotation
from pipewise.errors import SettingsError
from pipewise.integrations import place_of
from pipewise.key_rotation import Rotation, rotate_keys
from pipewise.platforms.registry import get_platform
from pipewise.storage import accounts, key_checks
from pipewise.storage import integrations as rows
from pipewise.storage.accounts import Role
from pipewise.storage.database import Database, open_database
from pipewise.storage.migrate import ensure_schema
from pipewise.storage.tables import events, integrations, journal, leads, meetings
from pipewise.storage.tables import key_checks as key_check_table
from pipewise.vault import Place, Vault
from tests.contract.signing import SIGNERS
from tests.fakes import NOON
from tests.integration.command_line import pipewise

OLD, NEW, FOREIGN = "old master key", "new master key", "a key that nobody has any more"
BOTH = Vault([NEW, OLD])
COLUMNS = (
    "integrations.credentials",
    "integrations.previous_credentials",
    "meetings.links",
    "events.sealed",
    "journal.sealed",
)
EMPTY = ("audit_heads.sealed", "idempotency_keys.sealed")  # nobody has acted here, or asked for a secret


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    opened = open_database(database_url)
    await ensure_schema(opened)
    yield opened
    await opened.close()


async def fill(database: Database, vault: Vault, count: int) -> str:
    """An account with `count` integrations, each with a rotated-out secret, and as many meetings with links."""
    async with database.write() as connection:
        await key_checks.verify_key(connection, vault, NOON)
        account_id = (await accounts.add_user(connection, "ana@shop.example", Role.ADMIN, NOON)).account_id
        common = {"account_id": account_id, "created_at": NOON, "updated_at": NOON}
        await connection.execute(insert(leads).values(id="lead", status="new", **common))
        for number in range(count):
            one = f"{number:04d}"
            await connection.execute(
                insert(integrations).values(
                    id=one,
                    platform="form",
                    name="Form",
                    status="connected",
                    credentials=vault.seal(f"now {one}".encode(), place_of(one, account_id)),
                    previous_credentials=vault.seal(f"before {one}".encode(), place_of(one, account_id)),
                    previous_until=NOON + timedelta(hours=1),
                    **common,
                )
            )
            await connection.execute(
                insert(meetings).values(
                    id=one,
                    lead_id="lead",
                    status="scheduled",
                    source="pipewise",
                    event_type="call",
                    start_time=NOON,
                    timezone="UTC",
                    invitee={},
                    links=vault.seal(f"links {one}".encode(), Place("meetings", "links", account_id, one)),
                    **common,
                )
            )
            await connection.execute(
                insert(events).values(
                    id=one,
                    account_id=account_id,
                    platform="calendly",
                    kind="booking",
                    dedupe_key=one,
                    status="accepted",
                    content={},
                    sealed=vault.seal(f"sealed {one}".encode(), Place("events", "sealed", account_id, one)),
                    occurred_at=NOON,
                    received_at=NOON,
                )
            )
            await connection.execute(
                insert(journal).values(
                    id=one,
                    account_id=account_id,
                    lead_id="lead",
                    run_id=one,
                    ordinal=-1,
                    request="",
                    sealed=vault.seal(f"turn {one}".encode(), Place("journal", "sealed", account_id, one)),
                    created_at=NOON,
                )
            )
    return account_id


async def read_all(database: Database, vault: Vault) -> list[bytes]:
    plain = []
    async with database.read() as connection:
        for row in await connection.execute(select(integrations).order_by(integrations.c.id)):
            place = place_of(row.id, row.account_id)
            plain += [vault.open(row.credentials, place), vault.open(row.previous_credentials, place)]
        for row in await connection.execute(select(meetings).order_by(meetings.c.id)):
            plain.append(vault.open(row.links, Place("meetings", "links", row.account_id, row.id)))
        for row in await connection.execute(select(events).order_by(events.c.id)):
            plain.append(vault.open(row.sealed, Place("events", "sealed", row.account_id, row.id)))
        for row in await connection.execute(select(journal).order_by(journal.c.id)):
            plain.append(vault.open(row.sealed, Place("journal", "sealed", row.account_id, row.id)))
    return plain


async def check_start(database: Database, *keys: str) -> None:
    async with database.write() as connection:
        await key_checks.verify_key(connection, Vault(keys), NOON)


async def test_everything_opens_with_the_new_key_alone(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 3)
    await fill(database, Vault([OLD]), 7)
    before = await read_all(database, Vault([OLD]))
    await check_start(database, NEW, OLD)
    rotation = await rotate_keys(database, BOTH)
    assert rotation.complete
    assert rotation.resealed == {**dict.fromkeys(COLUMNS, 7), **dict.fromkeys(EMPTY, 0)}
    assert rotation.current == dict.fromkeys((*COLUMNS, *EMPTY), 0)
    assert await read_all(database, Vault([NEW])) == before


async def test_a_repeat_finds_nothing_to_do(database: Database) -> None:
    await fill(database, Vault([OLD]), 2)
    await rotate_keys(database, BOTH)
    again = await rotate_keys(database, BOTH)
    assert again.resealed == dict.fromkeys((*COLUMNS, *EMPTY), 0)
    assert again.current == {**dict.fromkeys(COLUMNS, 2), **dict.fromkeys(EMPTY, 0)}


async def test_a_secret_rotated_out_meanwhile_does_not_come_back_under_the_old_key(database: Database) -> None:
    """Who changes the credentials had read the row before it was sealed anew."""
    account_id = await fill(database, Vault([OLD]), 1)
    async with database.read() as connection:
        stale = await rows.get_integration(connection, account_id, "0000")
    await rotate_keys(database, BOTH)
    form = get_platform("form")
    fresh = form.credentials.model_validate(SIGNERS["form"].credentials)
    async with database.write() as connection:
        await integration_acts.rotate(connection, BOTH, stale, fresh, NOON)
    alone = Vault([NEW])
    async with database.read() as connection:
        kept = await rows.get_integration(connection, account_id, "0000")
    assert alone.open(kept.previous_credentials or b"", place_of("0000", account_id)) == b"now 0000"


class Written:
    """A store whose turn comes last; meanwhile a row is written under the old key again."""

    def __init__(self, database: Database, account_id: str) -> None:
        self._database = database
        self._account_id = account_id

    async def reseal(self, vault: Vault, rotation: Rotation) -> None:
        del vault, rotation
        links = Vault([OLD]).seal(b"late", Place("meetings", "links", self._account_id, "0000"))
        mine = (meetings.c.id == "0000", meetings.c.account_id == self._account_id)
        async with self._database.write() as connection:
            await connection.execute(update(meetings).where(*mine).values(links=links))

    async def has_older(self, vault: Vault) -> bool:
        del vault
        return False


async def test_what_came_under_the_old_key_during_the_rotation_is_sealed_anew(database: Database) -> None:
    account_id = await fill(database, Vault([OLD]), 2)
    await check_start(database, NEW, OLD)
    rotation = await rotate_keys(database, BOTH, [Written(database, account_id)])
    assert rotation.resealed["meetings.links"] == 3
    assert b"late" in await read_all(database, Vault([NEW]))
    with pytest.raises(SettingsError):
        await check_start(database, OLD)


async def test_what_an_interrupted_rotation_did_stays_done(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(Vault):
        """Loses power at the fourth secret."""

        left = 3

        def seal(self, plaintext: bytes, place: Place) -> bytes:
            if not self.left:
                raise KeyboardInterrupt
            self.left -= 1
            return super().seal(plaintext, place)

    monkeypatch.setattr(key_rotation, "BATCH", 2)
    await fill(database, Vault([OLD]), 5)
    with pytest.raises(KeyboardInterrupt):
        await rotate_keys(database, Interrupted([NEW, OLD]))
    assert len(await read_all(database, BOTH)) == 25
    resumed = await rotate_keys(database, BOTH)
    assert resumed.current["integrations.credentials"] == 2
    assert resumed.resealed["integrations.credentials"] == 3
    assert len(await read_all(database, Vault([NEW]))) == 25


async def test_rows_that_do_not_open_are_named_and_left_alone(database: Database) -> None:
    account_id = await fill(database, Vault([OLD]), 3)
    foreign = Vault([FOREIGN]).seal(b"lost", place_of("0001", account_id))
    moved = Vault([NEW]).seal(b"moved here", place_of("0000", account_id))
    async with database.write() as connection:
        await connection.execute(update(integrations).where(integrations.c.id == "0001").values(credentials=foreign))
        await connection.execute(update(integrations).where(integrations.c.id == "0002").values(credentials=moved))
    rotation = await rotate_keys(database, BOTH)
    assert [line.split(":")[0] for line in rotation.unreadable] == [
        "integrations.credentials 0001",
        "integrations.credentials 0002",
    ]
    assert not rotation.complete
    assert rotation.resealed["meetings.links"] == 3
    async with database.read() as connection:
        statement = select(integrations.c.credentials).where(integrations.c.id == "0001")
        kept = (await connection.execute(statement)).scalar()
    assert kept == foreign


async def test_after_a_whole_rotation_a_start_with_the_old_key_alone_is_refused(database: Database) -> None:
    await fill(database, Vault([OLD]), 1)
    await check_start(database, NEW, OLD)
    with pytest.raises(SettingsError):
        await check_start(database, NEW)
    await rotate_keys(database, BOTH)
    with pytest.raises(SettingsError):
        await check_start(database, OLD)
    await check_start(database, NEW)


async def test_the_old_key_is_not_forgotten_while_something_needs_it(database: Database) -> None:
    account_id = await fill(database, Vault([OLD]), 1)
    await check_start(database, NEW, OLD)
    async with database.write() as connection:
        foreign = Vault([FOREIGN]).seal(b"lost", place_of("0000", account_id))
        await connection.execute(update(integrations).values(credentials=foreign))
    await rotate_keys(database, BOTH)
    async with database.read() as connection:
        assert len((await connection.execute(select(key_check_table))).all()) == 2


def test_the_command_prints_counts_and_fails_on_what_does_not_open() -> None:
    keys: dict[str, Any] = {"PIPEWISE_SECRET_KEYS": "a first key"}
    assert pipewise("keys", "rotate", settings=keys).code == 0
    rotated = pipewise("keys", "rotate", settings={"PIPEWISE_SECRET_KEYS": "a second key,a first key"})
    assert rotated.code == 0
    assert [line.split(":")[0] for line in rotated.lines] == [*COLUMNS, *EMPTY, "checkpoints", "checkpoint writes"]
    refused = pipewise("keys", "rotate", settings=keys)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
