"""Leads copied from one that wrote."""

from bench.stored import COPIED, copy_statement
from pipewise.storage.tables import metadata


def test_a_copy_has_its_own_identity_and_the_models_other_columns() -> None:
    statement = copy_statement("identities", ["account_id", "external_id", "lead_id"])
    assert statement.startswith('INSERT INTO "identities" ("account_id", "external_id", "lead_id")')
    assert 'SELECT model."account_id", filled.number, filled.id FROM filled' in statement


def test_what_is_copied_is_in_the_tables() -> None:
    columns = {table: set(metadata.tables[table].columns.keys()) for table in COPIED}
    assert all(set(own) <= columns[table] for table, own in COPIED.items())
