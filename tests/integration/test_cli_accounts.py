"""`users`, `tokens` and `migrate` on a new installation."""

import sqlite3
from pathlib import Path

from tests.integration.command_line import pipewise

ADMIN = "admin@pipewise.local"


def token_ids() -> list[str]:
    return [line.split()[0] for line in pipewise("tokens", "list").lines[1:]]


def stored_bytes() -> bytes:
    return b"".join(path.read_bytes() for path in Path(".pipewise").glob("pipewise.db*"))


def test_a_new_user_gets_a_token_that_is_shown_once_and_stored_nowhere() -> None:
    added = pipewise("users", "add", "Ana@Shop.example", "--role", "operator")
    assert added.code == 0
    (token,) = added.lines
    assert token.startswith("pw_")
    assert "ana@shop.example as operator" in added.err
    for listing in (pipewise("users", "list"), pipewise("tokens", "list")):
        assert listing.code == 0
        assert "ana@shop.example" in listing.out
        assert ADMIN in listing.out
        assert "pw_" not in listing.out + listing.err
    assert token.encode() not in stored_bytes()


def test_a_user_joins_the_account_of_another() -> None:
    pipewise("users", "add", "ana@shop.example", "--role", "admin")
    joined = pipewise("users", "add", "bea@shop.example", "--role", "viewer", "--account", "ana@shop.example")
    assert joined.code == 0
    accounts = {cells[1]: cells[3] for cells in map(str.split, pipewise("users", "list").lines[1:])}
    assert accounts["bea@shop.example"] == accounts["ana@shop.example"] != accounts[ADMIN]


def test_the_first_token_is_told_by_whichever_command_makes_it_and_by_no_other() -> None:
    first, second = pipewise("tokens", "list"), pipewise("tokens", "list")
    assert "shown once: pw_" in first.err
    assert second.err == ""
    assert "pw_" not in first.out
    assert Path(".pipewise/api.token").stat().st_mode & 0o777 == 0o600


def test_tokens_are_made_listed_and_revoked() -> None:
    made = pipewise("tokens", "create", "--user", ADMIN, "--name", "crm export")
    assert made.lines[0].startswith("pw_")
    listed = pipewise("tokens", "list").out
    assert "crm export" in listed
    assert made.lines[0][-4:] in listed
    token_id = token_ids()[-1]
    assert pipewise("tokens", "revoke", token_id).code == 0
    again = pipewise("tokens", "revoke", token_id)
    assert (again.code, again.out) == (1, "")
    assert again.err == "pipewise: There is no such live token.\n"


def test_what_cannot_be_is_refused_in_one_line() -> None:
    refusals = {
        ("users", "add", "nobody", "--role", "admin"): 2,
        ("users", "add", ADMIN, "--role", "admin"): 1,
        ("users", "add", "ana@shop.example", "--role", "admin", "--account", "nobody@shop.example"): 1,
        ("tokens", "create", "--user", "nobody@shop.example"): 1,
    }
    pipewise("migrate")
    pipewise("tokens", "list")
    for line, code in refusals.items():
        refused = pipewise(*line)
        assert (refused.code, refused.out, refused.err.count("\n")) == (code, "", 1), line
    assert "nobody" not in pipewise("users", "list").out


def test_migrate_brings_an_empty_database_to_head_and_says_when_there_was_nothing_to_do() -> None:
    first, second = pipewise("migrate"), pipewise("migrate")
    assert (first.code, second.code) == (0, 0)
    assert "now at" in first.out
    assert "already at" in second.out


def test_a_newer_schema_is_refused() -> None:
    pipewise("migrate")
    with sqlite3.connect(".pipewise/pipewise.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for line in (("migrate",), ("tokens", "list")):
        refused = pipewise(*line)
        assert refused.code == 2
        assert "newer" in refused.err


def test_a_wrong_setting_or_an_absent_database_is_one_line() -> None:
    wrong = pipewise("tokens", "list", settings={"PIPEWISE_BURST_MS": "soon"})
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)
    assert "PIPEWISE_BURST_MS" in wrong.err
    absent = pipewise(
        "tokens",
        "list",
        settings={"PIPEWISE_DATABASE_URL": "postgresql+psycopg://ana:sesame@127.0.0.1:1/leads"},  # not-a-secret
    )
    assert (absent.code, absent.err.count("\n")) == (1, 1)
    assert "sesame" not in absent.err


def test_a_password_is_asked_for_and_never_an_argument() -> None:
    word = "violet anteaters march at dawn"
    added = pipewise("users", "add", "ana@shop.example", "--role", "viewer", "--password", given=f"{word}\n")
    assert added.code == 0, added.err
    changed = pipewise("users", "password", "ana@shop.example", given=f"{word} again\n")
    assert changed.lines == ["The password of ana@shop.example is set; 0 sessions ended."]
    weak = pipewise("users", "password", "ana@shop.example", given="short\n")
    assert (weak.code, weak.out) == (2, "")
    assert pipewise("users", "password", "nobody@shop.example", given=f"{word}\n").code == 1
    assert pipewise("users", "password", "ana@shop.example", word).code == 2
    assert word.encode() not in stored_bytes()
    assert b"$argon2id$" in stored_bytes()


def test_a_token_has_a_scope_and_an_end() -> None:
    made = pipewise("tokens", "create", "--user", ADMIN, "--scope", "viewer", "--expires-days", "90")
    assert len(made.lines[0]) == 52
    row = pipewise("tokens", "list").lines[-1]
    assert "  viewer  " in row
    assert pipewise("tokens", "create", "--user", ADMIN, "--scope", "emperor").code == 2
