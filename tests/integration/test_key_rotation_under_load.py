"""The keys are rotated while three processes serve 20 requests a second: nothing fails to open, nothing stays under the old key.

Short in the suite; PIPEWISE_FAULTS=long takes longer and thousands of rows."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from pipewise import integrations
from pipewise.audit import Act, Audit
from pipewise.key_rotation import SEALED_COLUMNS, Rotation, rotate_keys
from pipewise.platforms.form import webhook
from pipewise.platforms.registry import get_platform
from pipewise.storage import accounts, key_checks
from pipewise.storage import integrations as rows
from pipewise.storage.database import Database, open_database
from pipewise.storage.integrations import Integration
from pipewise.storage.migrate import ensure_schema
from pipewise.vault import KEY_ID_BYTES, Vault
from tests.contract.signing import SIGNERS
from tests.faults_plan import is_long
from tests.integration.command_line import free_port, running

OLD, NEW = "planted old master key 0001", "planted new master key 0002"
TOKEN = "pw_" + "r" * 40
PROCESSES = 3
REQUESTS_PER_SECOND = 20
REQUESTS_MEANWHILE = 600 if is_long() else 20
INTEGRATIONS = 3_000 if is_long() else 150  # more than one batch of the rotation


async def fill(database: Database) -> list[Integration]:
    """An account with forms whose secrets are sealed under the old key."""
    vault, now = Vault([OLD]), datetime.now(UTC)
    platform = get_platform("form")
    credentials = platform.credentials.model_validate(SIGNERS["form"].credentials)
    async with database.write() as connection:
        await key_checks.verify_key(connection, vault, now)
        await accounts.ensure_first_user(connection, TOKEN, now)
        user = await accounts.first_user(connection)
        assert user
        made = [
            await integrations.connect(
                connection,
                vault,
                user.account_id,
                platform,
                name=f"Form {number}",
                credentials=credentials,
                settings=platform.settings.model_validate({}),
                now=now,
            )
            for number in range(INTEGRATIONS)
        ]
        await Audit(vault).record(
            connection, user.account_id, Act.INTEGRATION_CREATED, "integration:all", actor="test", now=now, detail={}
        )
    return made


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    opened = open_database(f"{postgres_url}{'&' if '?' in postgres_url else '?'}application_name=rotation")
    await ensure_schema(opened)
    yield opened
    await opened.close()


@dataclass
class Load:
    """Requests to all processes in turn, each of which opens or seals something."""

    urls: list[str]
    forms: list[Integration]
    rng: random.Random = field(default_factory=lambda: random.Random(5))
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    rotated: set[str] = field(default_factory=set)

    async def run(self, ended: asyncio.Event) -> None:
        async with (
            httpx.AsyncClient(timeout=120, trust_env=False, headers={"Authorization": f"Bearer {TOKEN}"}) as http,
            asyncio.TaskGroup() as tasks,
        ):
            number = 0
            while not ended.is_set():
                tasks.create_task(self._ask(http, self.urls[number % len(self.urls)], number))
                number += 1
                await asyncio.sleep(1 / REQUESTS_PER_SECOND)

    @property
    def answered(self) -> int:
        return sum(count for (_, status), count in self.answers.items() if status == 200)

    @property
    def put_off(self) -> int:
        return sum(count for (_, status), count in self.answers.items() if status == 503)

    async def until_more(self, count: int) -> None:
        wanted = self.answered + count
        while self.answered < wanted:  # noqa: ASYNC110  the counter of answers is the event
            await asyncio.sleep(0.01)

    async def _ask(self, http: httpx.AsyncClient, url: str, number: int) -> None:
        form = self.rng.choice(self.forms)
        kind = "rotate" if number % 5 == 0 and form.id not in self.rotated else "deliver"
        if kind == "rotate":
            self.rotated.add(form.id)  # once: the first secret stays valid for the overlap
            body = {"credentials": {"secret": "whsec_cGxhbnRlZC1mb3JtLXNlY3JldC0wMDAy"}}  # not-a-secret
            answer = await http.post(f"{url}/api/integrations/{form.id}/rotate", json=body)
        else:
            content = b'{"email": "lead-%d@example.com", "message": "Hello"}' % number
            signed = webhook.sign(content, SIGNERS["form"].secret, message_id=f"m{number}", at=datetime.now(UTC))
            headers = {"content-type": "application/json", **signed}
            answer = await http.post(f"{url}/webhooks/form/{form.id}", content=content, headers=headers)
        self.answers[kind, answer.status_code] += 1


@dataclass
class Busy:
    """What else is sealed, at the end of a rotation: it takes until so many more requests have been answered."""

    load: Load

    async def reseal(self, vault: Vault, rotation: Rotation) -> None:
        del vault, rotation
        await self.load.until_more(REQUESTS_MEANWHILE)

    async def has_older(self, vault: Vault) -> bool:
        del vault
        return False


# A delivery waits for somebody whose transaction the rotation began.
BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity waits, unnest(pg_blocking_pids(waits.pid)) AS holder (pid)"
    " JOIN pg_stat_activity rotates ON rotates.pid = holder.pid"
    " WHERE rotates.application_name = 'rotation' AND waits.query LIKE 'INSERT INTO %'"
)


async def count_blocked(url: str, found: list[int]) -> None:
    """Looks on until it is cancelled."""
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            while True:
                found.append(int((await connection.execute(BLOCKED)).scalar_one()))
                await asyncio.sleep(0.05)
    finally:
        await engine.dispose()


@contextmanager
def serving(folder: Path, database_url: str) -> Iterator[list[str]]:
    """Three processes that know both keys, as they do between the two steps of a rotation."""
    with ExitStack() as stack:
        urls = []
        for number in range(PROCESSES):
            port = free_port()
            settings = settings_of(folder / str(number), database_url, f"{NEW},{OLD}")
            stack.enter_context(running("serve", "--no-worker", "--port", str(port), settings=settings))
            urls.append(f"http://127.0.0.1:{port}")
        yield urls


def settings_of(folder: Path, database_url: str, keys: str) -> dict[str, str]:
    return {
        "PIPEWISE_DATA_DIR": str(folder),
        "PIPEWISE_DATABASE_URL": database_url,
        "PIPEWISE_SECRET_KEYS": keys,
        "PIPEWISE_API_TOKEN": TOKEN,
        "PIPEWISE_MODEL": "offline",
    }


async def until_ready(urls: list[str]) -> None:
    async with httpx.AsyncClient(trust_env=False) as http, asyncio.timeout(90):
        for url in urls:
            while True:
                try:
                    if (await http.get(f"{url}/readyz")).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)


async def under(database: Database, key: str) -> int:
    """Envelopes of this key, in every sealed column."""
    key_id = bytes.fromhex(Vault([key]).newest_key_id)
    found = 0
    async with database.read() as connection:
        for sealed in SEALED_COLUMNS:
            is_under = func.substr(sealed.column, 2, KEY_ID_BYTES) == key_id
            counted = select(func.count()).select_from(sealed.table).where(sealed.column.is_not(None), is_under)
            found += int((await connection.execute(counted)).scalar_one())
    return found


@pytest.mark.timeout(300)
async def test_nothing_fails_and_nothing_stays_behind(database: Database, postgres_url: str, tmp_path: Path) -> None:
    forms = await fill(database)
    assert await under(database, OLD) == INTEGRATIONS + 1
    with serving(tmp_path, postgres_url) as urls:
        await until_ready(urls)
        load = Load(urls, forms)
        ended = asyncio.Event()
        running_load = asyncio.create_task(load.run(ended))
        looking = asyncio.create_task(count_blocked(postgres_url, blocked := []))
        await load.until_more(REQUESTS_MEANWHILE)
        before, late_before = load.answered, load.put_off
        rotation = await rotate_keys(database, Vault([NEW, OLD]), [Busy(load)])
        meanwhile, late_meanwhile = load.answered - before, load.put_off - late_before
        looking.cancel()
        await load.until_more(10)
        late_after = load.put_off - late_before - late_meanwhile
        ended.set()
        await running_load
    print(f"\n{dict(load.answers)}, {meanwhile} of them during the rotation; {rotation.resealed}; {len(blocked)} looks")  # noqa: T201  numbers of the proof
    assert rotation.complete
    assert meanwhile >= REQUESTS_MEANWHILE
    # A machine that cannot store 20 deliveries a second in time puts some off, rotation or not: none because of it.
    assert {status for _, status in load.answers} <= {200, 503}, load.answers
    assert late_meanwhile == 0 or late_before or late_after, load.answers
    assert blocked
    assert sum(blocked) == 0, "deliveries waited for the rotation"
    assert {kind for kind, status in load.answers if status == 200} == {"deliver", "rotate"}
    assert await under(database, OLD) == 0
    assert await under(database, NEW) >= INTEGRATIONS + 1
    alone = Vault([NEW])
    async with database.read() as connection:
        kept: Any = [await rows.get_integration(connection, form.account_id, form.id) for form in forms]
    for form in kept:
        for sealed in (form.credentials, form.previous_credentials):
            if sealed:
                integrations.open_credentials(alone, form, sealed)
