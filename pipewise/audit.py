"""The record of who did what: one chain for each account, each entry written in the transaction of the act.

An entry is the last thing of its transaction: from then on every other act of the account waits for the commit, and a
transaction that went on to lock a lead could wait in a ring.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit_chain import ChainCheck, Entry, Head, Problem, compute_mac, digest_text, new_head, read_head
from pipewise.errors import CredentialUnreadable
from pipewise.storage import audit as rows
from pipewise.storage.database import Database
from pipewise.vault import Place, Vault

log = logging.getLogger(__name__)
SYSTEM = "system"
COMMAND_LINE = "command line"
BATCH = 500


class Act(StrEnum):
    """What is written down. The first part is the kind of object that it was done to."""

    CREDENTIAL_READ = "credential.read"
    INTEGRATION_CREATED = "integration.created"
    INTEGRATION_CHANGED = "integration.changed"
    INTEGRATION_ROTATED = "integration.rotated"
    INTEGRATION_DELETED = "integration.deleted"
    INTEGRATION_TESTED = "integration.tested"
    SETTINGS_CHANGED = "settings.changed"
    ACCOUNT_PAUSED = "account.paused"
    ACCOUNT_RESUMED = "account.resumed"
    KEYS_ROTATED = "keys.rotated"
    USER_ADDED = "user.added"
    USER_CHANGED = "user.changed"
    USER_REMOVED = "user.removed"
    PASSWORD_CHANGED = "user.password_changed"  # noqa: S105  a name of an act
    LOGIN_FAILED = "user.login_failed"
    LOGGED_IN = "session.opened"
    LOGGED_OUT = "session.ended"
    TOKEN_CREATED = "token.created"  # noqa: S105  a name of an act
    TOKEN_REVOKED = "token.revoked"  # noqa: S105  a name of an act
    LEAD_CHANGED = "lead.changed"
    LEAD_TAKEN_OVER = "lead.taken_over"
    LEAD_RELEASED = "lead.released"
    MEMORY_CHANGED = "lead.memory_changed"
    LEAD_EXPORTED = "lead.exported"
    LEAD_MERGED = "lead.merged"
    LEAD_UNMERGED = "lead.unmerged"
    LEAD_ERASED = "lead.erased"
    MESSAGE_WRITTEN = "message.written"
    MESSAGE_DECIDED = "message.decided"
    APPROVAL_DECIDED = "approval.decided"
    EVENT_REPLAYED = "event.replayed"
    MEETING_CANCELED = "meeting.canceled"
    CRON_CREATED = "cron.created"
    CRON_CHANGED = "cron.changed"
    CRON_DELETED = "cron.deleted"


@dataclass(frozen=True)
class Verdict:
    """What an account's chain is found to be: sound, or where it is not."""

    account_id: str
    entries: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


class Audit:
    """Writes and checks chains. The key of each is random, sealed in its head, and moves with a rotation of master keys."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def record(
        self,
        connection: AsyncConnection,
        account_id: str,
        act: Act,
        target: str,
        *,
        actor: str,
        now: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """`target` is kind:id. `detail` holds names, numbers and ids: never a secret, never what was said."""
        head = await self._lock_head(connection, account_id)
        bare = Entry(account_id, head.seq + 1, now, actor, str(act), target, dict(detail or {}))
        entry = replace(bare, mac=compute_mac(head.key, bare, head.mac))
        if not await rows.insert_entry(connection, entry):
            # Somebody put an older head back. The act goes on, in a place that is free; the check will tell.
            log.error("the head of an audit chain is behind its entries", extra={"account_id": account_id})
            bare = replace(bare, seq=await rows.last_seq(connection, account_id) + 1)
            entry = replace(bare, mac=compute_mac(head.key, bare, head.mac))
            await rows.insert_entry(connection, entry)
        await rows.move_head(connection, account_id, self._seal(account_id, Head(head.key, entry.seq, entry.mac)))

    async def verify(
        self, database: Database, account_id: str, anchors: Mapping[int, frozenset[str]] | None = None
    ) -> Verdict:
        """`anchors` are codes of entries as they were written elsewhere, by place."""
        sealed = await database.ask(lambda c: rows.read_head(c, account_id))
        opened = self._open(account_id, sealed) if sealed else None
        check = ChainCheck(account_id, opened.key if opened else None, anchors or {})
        head = await self._walk(database, account_id, check)
        if head is None and (check.seq or sealed):
            check.tell(check.seq, "is the last, and the head that should name it is missing or does not open")
        return Verdict(account_id, check.seq, tuple(check.end(head)))

    async def _walk(self, database: Database, account_id: str, check: ChainCheck) -> Head | None:
        """Feed every entry; the head as it was once no entry followed the last."""
        while True:
            found = await database.ask(lambda c: rows.list_after(c, account_id, check.seq, BATCH))
            for entry in found:
                check.feed(entry)
            if found:
                continue
            sealed = await database.ask(lambda c: rows.read_head(c, account_id))
            head = self._open(account_id, sealed) if sealed else None
            # Entries that were added since the last look are there together with the head that names them.
            if head is None or head.seq <= check.seq or not await self._has_more(database, account_id, check.seq):
                return head

    async def _has_more(self, database: Database, account_id: str, seq: int) -> bool:
        return bool(await database.ask(lambda c: rows.list_after(c, account_id, seq, 1)))

    async def digests(self, connection: AsyncConnection, account_id: str, texts: Iterable[str]) -> list[str]:
        """Each tells whether a text that somebody has is the one that was meant, and nothing else."""
        head = await self._lock_head(connection, account_id)
        return sorted(digest_text(head.key, text) for text in texts)

    async def _lock_head(self, connection: AsyncConnection, account_id: str) -> Head:
        sealed = await rows.lock_head(connection, account_id)
        if sealed is None:
            await rows.make_head(connection, account_id, self._seal(account_id, new_head()))
            sealed = await rows.lock_head(connection, account_id)
        head = self._open(account_id, sealed) if sealed else None
        if head is None:
            # An act is not stopped by a head that was destroyed: the new chain does not fit the old, which the check tells.
            log.error("the head of an audit chain does not open", extra={"account_id": account_id})
            head = new_head()
        return head

    def _seal(self, account_id: str, head: Head) -> bytes:
        return self._vault.seal(head.to_bytes(), _place(account_id))

    def _open(self, account_id: str, sealed: bytes) -> Head | None:
        try:
            return read_head(self._vault.open(sealed, _place(account_id)))
        except CredentialUnreadable:
            return None


def _place(account_id: str) -> Place:
    return Place("audit_heads", "sealed", account_id, account_id)
