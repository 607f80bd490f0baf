"""Composition of the application under the agent: everything that lives as long as the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.audit import SYSTEM, Act, Audit
from pipewise.audit_anchors import FILE, AnchorFile
from pipewise.bookings import Bookings
from pipewise.caches import ConfigCaches
from pipewise.clock import Clock
from pipewise.connections import Connections
from pipewise.crash import CrashPoints
from pipewise.credential_reads import CredentialReads
from pipewise.guarded_http import GuardedHTTP, open_guarded_http
from pipewise.keys import load_first_token, load_master_keys
from pipewise.logs import mask_in_use
from pipewise.priority import AckPriority
from pipewise.settings import Environment, Settings
from pipewise.settings_reader import SettingsReader
from pipewise.storage import accounts, key_checks
from pipewise.storage.database import Database, open_database
from pipewise.storage.group_commit import GroupCommit
from pipewise.storage.migrate import alone, ensure_schema
from pipewise.storage.tenancy import Purpose, for_every_account
from pipewise.vault import Vault

VENDOR_CONNECTIONS = 100
USER_AGENT = "PipeWise/0.1"


@dataclass(frozen=True)
class Resources:
    """Shared by every request and turn. `new_token` is the first user's token if it was generated just now."""

    settings: Settings
    clock: Clock
    crash: CrashPoints
    database: Database
    commits: GroupCommit
    vault: Vault
    audit: Audit
    anchors: AnchorFile
    reads: CredentialReads
    http: httpx.AsyncClient
    guarded: GuardedHTTP
    connections: Connections
    caches: ConfigCaches
    account_settings: SettingsReader
    bookings: Bookings
    priority: AckPriority
    new_token: str | None


@asynccontextmanager
async def open_resources(
    settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Resources]:
    """Bring the schema to head, check the master key, make sure of the first user; close in reverse."""
    clock = settings.open_clock()
    crash = CrashPoints(settings.test_hooks)
    vault, token, is_new = await asyncio.to_thread(_read_keys, settings)
    database = await asyncio.to_thread(open_database, settings.sqlalchemy_url)
    audit = Audit(vault)
    try:
        await ensure_schema(database, may_migrate=settings.is_embedded or settings.env is not Environment.PRODUCTION)
        with for_every_account(Purpose.START):
            async with alone(database) as connection:
                await key_checks.verify_key(connection, vault, clock.now())
                await _ensure_first_user(connection, audit, token, clock)
        commits = GroupCommit(database)
        async with (
            await asyncio.to_thread(open_vendor_http, transport) as http,
            open_guarded_http(transport) as guarded,
        ):
            caches = ConfigCaches()
            reads = CredentialReads(database, vault, audit, clock, mask_in_use())
            connections = Connections(database, vault, http, clock, settings, reads)
            account_settings = SettingsReader(database, clock)
            caches.add(connections.drop_all)
            caches.add(account_settings.forget_all)
            try:
                yield Resources(
                    settings=settings,
                    clock=clock,
                    crash=crash,
                    database=database,
                    commits=commits,
                    vault=vault,
                    audit=audit,
                    anchors=AnchorFile(settings.data_dir / FILE),
                    reads=reads,
                    http=http,
                    guarded=guarded,
                    connections=connections,
                    caches=caches,
                    account_settings=account_settings,
                    bookings=Bookings(database, vault, clock, crash),
                    priority=AckPriority(),
                    new_token=token if is_new else None,
                )
            finally:
                await reads.close()
                await commits.close()
    finally:
        await database.close()


async def _ensure_first_user(connection: AsyncConnection, audit: Audit, token: str, clock: Clock) -> None:
    user, made = await accounts.ensure_first_user(connection, token, clock.now())
    if made:
        detail = {"owner": user.email}
        await audit.record(
            connection,
            user.account_id,
            Act.TOKEN_CREATED,
            f"token:{made.id}",
            actor=SYSTEM,
            now=clock.now(),
            detail=detail,
        )


def _read_keys(settings: Settings) -> tuple[Vault, str, bool]:
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    vault = Vault(load_master_keys(settings))
    token, is_new = load_first_token(settings)
    return vault, token, is_new


def open_vendor_http(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """One pool for every vendor. No proxies or credentials from the environment; each call has its own deadline."""
    options: dict[str, Any] = {"transport": transport} if transport else {}
    return httpx.AsyncClient(
        timeout=httpx.Timeout(30.0, connect=5.0),
        limits=httpx.Limits(max_connections=VENDOR_CONNECTIONS, max_keepalive_connections=VENDOR_CONNECTIONS),
        headers={"User-Agent": USER_AGENT},
        trust_env=False,
        **options,
    )
