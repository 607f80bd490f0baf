"""The audit over real databases: in the act's transaction, in one line for each account, found out when it is tampered with."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise import key_rotation
from pipewise.audit import Act, Audit
from pipewise.audit_anchors import AnchorFile, Anchoring
from pipewise.storage import accounts
from pipewise.storage import audit as rows
from pipewise.storage.accounts import Role
from pipewise.storage.audit import AuditFilter
from pipewise.storage.database import Database
from pipewise.storage.tables_trust import audit_entries, audit_heads
from pipewise.vault import Vault
from tests.fakes import NOON

VAULT = Vault(["a master key"])
AUDIT = Audit(VAULT)


async def add_account(database: Database, email: str = "ana@shop.example") -> str:
    async with database.write() as connection:
        return (await accounts.add_user(connection, email, Role.ADMIN, NOON)).account_id


async def act(database: Database, account_id: str, count: int = 1, audit: Audit = AUDIT, by: str = "ana") -> None:
    for number in range(count):
        async with database.write() as connection:
            await audit.record(connection, account_id, Act.LEAD_RELEASED, f"lead:{number}", actor=by, now=NOON)


async def told(database: Database, account_id: str, file: AnchorFile | None = None) -> list[str]:
    anchors = file.read().get(account_id) if file else None
    verdict = await AUDIT.verify(database, account_id, anchors)
    return [problem.text for problem in verdict.problems]


async def test_an_act_that_is_undone_leaves_no_entry(database: Database) -> None:
    account_id = await add_account(database)
    await act(database, account_id)

    async def break_off(connection: AsyncConnection) -> None:
        await AUDIT.record(connection, account_id, Act.LEAD_ERASED, "lead:1", actor="ana", now=NOON)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await database.transact(break_off)
    await act(database, account_id)
    async with database.read() as connection:
        found = await rows.list_entries(connection, account_id, AuditFilter(), limit=10)
    assert [(entry.seq, entry.action) for entry in found] == [(2, "lead.released"), (1, "lead.released")]
    assert await told(database, account_id) == []


async def test_acts_at_once_stand_in_one_line(database: Database) -> None:
    account_ids = [await add_account(database, f"{name}@shop.example") for name in ("ana", "bea")]
    await asyncio.gather(*(act(database, account_id, 5) for account_id in account_ids * 4))
    for account_id in account_ids:
        verdict = await AUDIT.verify(database, account_id)
        assert (verdict.ok, verdict.entries) == (True, 20)


async def test_a_check_during_acts_finds_nothing_wrong(database: Database) -> None:
    account_id = await add_account(database)
    writing = asyncio.create_task(act(database, account_id, 30))
    while not writing.done():
        assert await told(database, account_id) == []
    await writing


TAMPERINGS = {
    "edit": update(audit_entries).where(audit_entries.c.seq == 2).values(actor="somebody else"),
    "delete": delete(audit_entries).where(audit_entries.c.seq == 2),
    "cut": delete(audit_entries).where(audit_entries.c.seq == 4),
    "all": delete(audit_entries),
    "no head": delete(audit_heads),
    "other head": update(audit_heads).values(sealed=b"\x01" + bytes(60)),
    "swap": text("UPDATE audit_entries SET object = CASE seq WHEN 1 THEN 'lead:1' ELSE 'lead:0' END WHERE seq <= 2"),
    "insert": insert(audit_entries).from_select(
        ["account_id", "seq", "created_at", "actor", "action", "object", "detail", "mac"],
        select(
            audit_entries.c.account_id,
            audit_entries.c.seq + 1,
            audit_entries.c.created_at,
            audit_entries.c.actor,
            audit_entries.c.action,
            audit_entries.c.object,
            audit_entries.c.detail,
            audit_entries.c.mac,
        ).where(audit_entries.c.seq == 4),
    ),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
async def test_what_is_done_to_the_rows_is_found_and_acts_go_on(database: Database, kind: str) -> None:
    account_id = await add_account(database)
    await act(database, account_id, 4)
    async with database.write() as connection:
        await connection.execute(TAMPERINGS[kind])
    assert await told(database, account_id)
    await act(database, account_id, 2)
    assert await told(database, account_id)


async def test_a_cut_together_with_its_head_is_known_elsewhere(database: Database, tmp_path: Path) -> None:
    account_id = await add_account(database)
    file = AnchorFile(tmp_path / "heads.jsonl")
    anchoring = Anchoring(database, file)
    await act(database, account_id, 2)
    async with database.read() as connection:
        older = await rows.read_head(connection, account_id)
    await act(database, account_id, 2)
    assert (await anchoring.write(), await anchoring.write()) == (1, 0)
    async with database.write() as connection:
        await connection.execute(delete(audit_entries).where(audit_entries.c.seq > 2))
        await connection.execute(update(audit_heads).values(sealed=older))
    assert await told(database, account_id) == []
    assert await told(database, account_id, file) == [
        "entry 2 is the last, but the heads written elsewhere know 2 more"
    ]
    await act(database, account_id, 3, by="bea")
    assert await told(database, account_id, file) == [
        "entry 4 is not what stood there when the head was written elsewhere"
    ]
    async with database.write() as connection:
        await connection.execute(delete(audit_entries))
        await connection.execute(delete(audit_heads))
    assert await told(database, account_id, file) == [
        "entry 0 is the last, but the heads written elsewhere know 4 more"
    ]


def test_a_file_of_heads_that_grew_large_keeps_the_last_of_each(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "heads.jsonl", largest=2000)
    for seq in range(1, 60):
        file.append([rows.Anchor(account_id, seq, f"{seq:064d}") for account_id in ("ana", "bea")])
    found = file.read()
    assert {account_id: max(places) for account_id, places in found.items()} == {"ana": 59, "bea": 59}
    assert (tmp_path / "heads.jsonl").stat().st_size < 2500
    with (tmp_path / "heads.jsonl").open("a") as cut_off:
        cut_off.write('{"account": "ana", "se')
    assert file.read() == found
    assert (tmp_path / "heads.jsonl").stat().st_mode & 0o777 == 0o600


async def test_the_chain_outlives_its_master_key(database: Database) -> None:
    account_id = await add_account(database)
    await act(database, account_id, 2)
    both, new = Vault(["a newer key", "a master key"]), Vault(["a newer key"])
    rotation = await key_rotation.rotate_keys(database, both)
    assert rotation.resealed["audit_heads.sealed"] == 1
    await act(database, account_id, 2, Audit(new))
    verdict = await Audit(new).verify(database, account_id)
    assert (verdict.ok, verdict.entries) == (True, 4)
