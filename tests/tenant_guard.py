"""Watches what the product asks of SQLite during a test run: a statement on a tenant's table must say whose rows it means.

PostgreSQL lets no such statement see more than one account's rows (pipewise/storage/row_security.py); SQLite cannot be told
to, so the test run refuses it. What is meant for every account is
named below, with the reason. Statements of the tests themselves are not looked at.
"""

import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event

from pipewise.storage.plain_work import PlainDoors
from pipewise.storage.sqlite_threads import ThreadedConnection
from pipewise.storage.tables_trust import audit_entries

ROOT = Path(__file__).parents[1]
ORIGIN = "asked_by"
# They put statements together for others: whoever called them is meant.
HANDS_ON = {"pipewise/storage/statements.py", "pipewise/storage/conflict.py"}

# A file, or a function of one.
EVERY_ACCOUNT = {
    "pipewise/administration.py": "the operator of the installation, on its own machine",
    "pipewise/key_rotation.py": "a rotation of master keys, which are the installation's",
    "graph/studio_checkpoints.py:_lead_of": "the dev server, on the developer's own machine, names a thread alone",
    "graph/replay.py": "the operator of the installation, on its own machine",
    "pipewise/storage/accounts.py:_is_taken": "an e-mail belongs to one user of all accounts",
    "pipewise/storage/accounts.py:find_user": "the command line names users by e-mail",
    "pipewise/storage/accounts.py:find_token": "a token tells the account",
    "pipewise/storage/accounts.py:first_user": "the first user of the installation",
    "pipewise/storage/accounts.py:get_user": "the caller compares the account",
    "pipewise/storage/accounts.py:list_tokens": "the command line lists those of every account",
    "pipewise/storage/accounts.py:revoke_token": "the command line revokes those of any account",
    "pipewise/storage/accounts.py:account_of_token": "asked by the command line, after a revocation",
    "pipewise/storage/crons.py:list_due": "crons are looked for in every account",
    "pipewise/storage/crons.py:find_due": "a cron that is due tells the account",
    "pipewise/storage/idempotency.py:forget_expired": "answers are kept for a day, whosever they are",
    "pipewise/storage/integrations.py:find_for_webhook": "the id in a webhook's path tells the account",
    "pipewise/storage/integrations.py:list_for_account_ref": "a shared callback: the payload tells the account",
    "pipewise/storage/integrations.py:list_for_platform": "a shared callback's handshake names no account",
    "pipewise/storage/integrations.py:count_by_status": "numbers of the installation, without a name in them",
    "pipewise/storage/integrations.py:list_accounts": "the monitor looks at every account, one after the other",
    "pipewise/storage/integration_changes.py:forget_older": "retention is the installation's",
    "pipewise/storage/integration_health.py:list_due": "the monitor looks at whatever is due",
    "pipewise/storage/journal.py:forget_older": "retention is the installation's",
    "pipewise/storage/lanes.py:bring_forward": "lanes are looked for in every account",
    "pipewise/storage/lanes.py:list_due": "lanes are looked for in every account",
    "pipewise/storage/lanes.py:next_due": "lanes are looked for in every account",
    "pipewise/storage/lanes.py:release_all": "a start takes over what the former process held",
    "pipewise/storage/lanes.py:renew": "a worker renews its leases of every account",
    "pipewise/storage/lanes.py:take": "a wake-up names the lead; its lane tells the account",
    "pipewise/storage/lead_merges.py:list_due": "merges are looked for in every account",
    "pipewise/storage/outbox.py:interrupt_sending": "a start takes over what the former process was sending",
    "pipewise/storage/polls.py:list_due": "whatever vendor is due to be asked, of every account",
    "pipewise/storage/sessions.py:find_password": "an e-mail belongs to one user of all accounts",
    "pipewise/storage/sessions.py:find_session": "a session tells the account",
    "pipewise/storage/sessions.py:forget_ended": "sessions end by time, whosever they are",
    "pipewise/storage/rollups.py:roll_usage": "the newest number of all, whosever it is",
}

TENANT_TABLES = frozenset(name for name, table in audit_entries.metadata.tables.items() if "account_id" in table.c)
_NAMED = re.compile(r'\b(?:FROM|JOIN|UPDATE|INTO|,)\s+"?(\w+)"?', re.IGNORECASE)
_PREDICATE = re.compile(r"\baccount_id\"?\s*(?:=|IN\b)|=\s*\w+\.account_id\b", re.IGNORECASE)
_CHANGED = re.compile(r'^\s*(?:UPDATE|DELETE\s+FROM)\s+"?(\w+)"?', re.IGNORECASE)
_INSERTED = re.compile(r'^\s*INSERT\s+INTO\s+"?(\w+)"?\s*\((.*?)\)', re.IGNORECASE | re.DOTALL)


@cache
def find_problem(sql: str) -> str | None:
    """What is missing in a statement; None if nothing is."""
    inserted = _INSERTED.match(sql)
    if inserted:
        columns = {column.strip().strip('"') for column in inserted[2].split(",")}
        missing = inserted[1] in TENANT_TABLES and "account_id" not in columns
        return f"inserts into {inserted[1]} without an account" if missing else None
    changed = _CHANGED.match(sql)
    if changed and changed[1] in TENANT_TABLES:
        own = re.compile(rf"\b{changed[1]}\.account_id\s*(?:=|IN\b)", re.IGNORECASE)
        return None if own.search(sql) else f"changes {changed[1]} of every account"
    named = TENANT_TABLES & set(_NAMED.findall(sql))
    if named and not _PREDICATE.search(sql):
        return f"reads {', '.join(sorted(named))} of every account"
    return None


class TenantGuard:
    """`problems` are kept until somebody takes them: raised where they happen, a loop of the worker could swallow them."""

    def __init__(self) -> None:
        self.looked_at = 0
        self._problems: dict[str, None] = {}

    def install(self) -> None:
        """For the rest of the process."""
        for carrier in (ThreadedConnection, PlainDoors):
            carrier.execute = _with_origin(carrier.execute)  # type: ignore[method-assign]
        event.listen(Engine, "before_cursor_execute", self._look)

    def take(self) -> list[str]:
        found, self._problems = list(self._problems), {}
        return found

    def _look(self, _connection: Any, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool) -> None:
        origin = context.execution_options.get(ORIGIN) if context else None
        if origin is None or origin[0].startswith("tests/"):
            return
        self.looked_at += 1
        problem = find_problem(sql)
        if problem and f"{origin[0]}:{origin[1]}" not in EVERY_ACCOUNT and origin[0] not in EVERY_ACCOUNT:
            self._problems[f"{origin[0]}:{origin[1]} {problem}: {' '.join(sql.split())[:300]}"] = None


def _with_origin(execute: Callable[..., Any]) -> Callable[..., Any]:
    async def execute_for(self: Any, statement: Any, parameters: Any = None) -> Any:
        marked = statement.execution_options(**{ORIGIN: _caller(sys._getframe(1))})
        return await execute(self, marked, parameters)

    return execute_for


def _caller(frame: FrameType | None) -> tuple[str, str]:
    while frame is not None:
        place = _place(frame.f_code.co_filename)
        if place not in HANDS_ON:
            return place, frame.f_code.co_name
        frame = frame.f_back
    return "?", "?"


@cache
def _place(name: str) -> str:
    path = Path(name)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else "?"
