"""`pipewise audit verify`, and what the command line itself leaves in the record."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.integration.command_line import pipewise

ADMIN = "admin@pipewise.local"


def change_database(statement: str) -> None:
    with closing(sqlite3.connect(".pipewise/pipewise.db")) as connection, connection:
        connection.execute(statement)


def recorded() -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(".pipewise/pipewise.db")) as connection:
        return connection.execute("SELECT actor, action FROM audit_entries ORDER BY seq").fetchall()


def test_a_sound_record_and_a_changed_one() -> None:
    token = pipewise("tokens", "create", "--user", ADMIN, "--name", "crm").lines[0]
    pipewise("users", "add", "ana@shop.example", "--role", "viewer", "--account", ADMIN)
    pipewise("keys", "rotate")
    first, *others = recorded()
    assert first == ("system", "token.created")
    assert [action for _, action in others] == ["token.created", "user.added", "keys.rotated"]
    assert {actor for actor, _ in others} == {"command line"}
    sound = pipewise("audit", "verify")
    assert sound.code == 0
    assert sound.lines[0].endswith(": 4 entries, sound")
    assert token not in sound.out + sound.err
    change_database("UPDATE audit_entries SET actor = 'nobody' WHERE seq = 2")
    changed = pipewise("audit", "verify")
    assert changed.code == 1
    assert changed.lines[0].endswith(": 4 entries, not sound")
    assert changed.lines[1].startswith("  entry 2 was changed")


def test_a_record_that_is_gone_is_known_by_the_heads_in_the_data_folder() -> None:
    pipewise("tokens", "create", "--user", ADMIN)
    with closing(sqlite3.connect(".pipewise/pipewise.db")) as connection:
        account_id, mac = connection.execute("SELECT account_id, mac FROM audit_entries WHERE seq = 2").fetchone()
    line = json.dumps({"account": account_id, "seq": 2, "mac": mac})
    Path(".pipewise/audit-heads.jsonl").write_text(line + "\n")
    assert pipewise("audit", "verify").code == 0
    change_database("DELETE FROM audit_entries")
    change_database("DELETE FROM audit_heads")
    gone = pipewise("audit", "verify")
    assert (gone.code, gone.lines[1]) == (1, "  entry 0 is the last, but the heads written elsewhere know 2 more")


def test_a_backup_that_is_put_back_takes_the_record_back_with_it() -> None:
    """What was known of the newer record is kept under another name."""
    pipewise("tokens", "create", "--user", ADMIN)
    assert pipewise("backup", "before.tar").code == 0
    pipewise("tokens", "create", "--user", ADMIN)
    with closing(sqlite3.connect(".pipewise/pipewise.db")) as connection:
        account_id, mac = connection.execute("SELECT account_id, mac FROM audit_entries WHERE seq = 3").fetchone()
    heads = Path(".pipewise/audit-heads.jsonl")
    heads.write_text(json.dumps({"account": account_id, "seq": 3, "mac": mac}) + "\n")
    assert pipewise("audit", "verify").code == 0
    assert pipewise("restore", "before.tar", "--force").code == 0
    verified = pipewise("audit", "verify")
    assert (verified.code, verified.lines[0].split(": ")[1]) == (0, "2 entries, sound")
    assert not heads.exists()
    (aside,) = Path(".pipewise").glob("audit-heads-before-*.jsonl")
    assert mac in aside.read_text()


def test_bad_usage() -> None:
    assert pipewise("audit", "verify", settings={"PIPEWISE_DATABASE_URL": "mysql://x"}).code == 2
