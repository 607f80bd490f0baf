"""A known text sealed under each master key ever used: a wrong key is told at start, before anything is overwritten."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.errors import CredentialUnreadable, SettingsError
from pipewise.storage.tables import key_checks
from pipewise.vault import Place, Vault

_KNOWN = b"pipewise"


async def verify_key(connection: AsyncConnection, vault: Vault, now: datetime) -> None:
    """Raises SettingsError if a key that stored secrets were sealed with is not among the configured ones."""
    rows = (await connection.execute(select(key_checks))).all()
    readable = [row.key_id for row in rows if _opens(vault, row.key_id, row.sealed)]
    missing = [row.key_id for row in rows if row.key_id not in readable]
    if missing:
        raise SettingsError(
            "The master key does not fit the stored secrets: put the key they were sealed with into PIPEWISE_SECRET_KEYS "
            f"(key ids {', '.join(missing)}); `pipewise keys rotate` ends the need for an old one."
        )
    if vault.newest_key_id not in readable:
        sealed = vault.seal(_KNOWN, _place(vault.newest_key_id))
        await connection.execute(insert(key_checks).values(key_id=vault.newest_key_id, sealed=sealed, created_at=now))


def _opens(vault: Vault, key_id: str, sealed: bytes) -> bool:
    try:
        return vault.open(sealed, _place(key_id)) == _KNOWN
    except CredentialUnreadable:
        return False


def _place(key_id: str) -> Place:
    return Place("key_checks", "sealed", "", key_id)
