"""Several real processes on one PostgreSQL: what one receives another answers, whoever is killed, paused or stopped."""

import asyncio
import contextlib
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import psycopg
import pytest

from pipewise.demo_setup import connect_calendly, connect_whatsapp
from pipewise.storage.database import postgres_dsn
from tests.integration.command_line import free_port, pipewise, running
from tests.integration.test_crash import LEAD, NUMBER_ID, SIGKILLED, Site, sandbox_port, until
from tests.postgres import StoppableServer, find_binaries, start_server

__all__ = ["sandbox_port"]


class Cluster(Site):
    """A receiving service, and workers beside it."""

    def __init__(self, folder: Path, sandbox_port: int, database_url: str) -> None:
        super().__init__(folder, sandbox_port)
        self.settings["PIPEWISE_DATABASE_URL"] = database_url

    @contextlib.asynccontextmanager
    async def receiving(self, *arguments: str) -> AsyncIterator[Popen[str]]:
        with running("serve", "--port", str(self.port), *arguments, settings=self.settings) as process:
            await until(self._ready, "the service is ready")
            yield process

    @contextlib.contextmanager
    def working(self, hook: str = "") -> Any:
        with running("worker", settings={**self.settings, "PIPEWISE_TEST_HOOKS": hook}) as process:
            yield process

    async def connect(self) -> None:
        (await self.vendors.post("/_sandbox/reset", json={})).raise_for_status()
        await connect_calendly(self.api, self.vendors)
        await connect_whatsapp(self.api, self.vendors)

    async def hears(self, sender: str, text: str) -> None:
        body = {"phone_number_id": NUMBER_ID, "from": sender, "name": "Ana Silva", "text": text}
        (await self.vendors.post("/_sandbox/whatsapp/inbound", json=body)).raise_for_status()

    async def answered(self) -> Counter[str]:
        return Counter(send["detail"]["to"] for send in await self.ledger("whatsapp", "send"))

    async def lead_id(self) -> str:
        return str((await self.api.get("/api/leads")).json()["items"][0]["id"])

    async def slow_answer(self, route: str, seconds: float) -> None:
        fault = {"vendor": "calendly", "kind": "slow", "route": route, "times": 1, "seconds": seconds}
        (await self.vendors.post("/_sandbox/faults", json=fault)).raise_for_status()

    async def no_fault_left(self) -> bool:
        return not (await self.vendors.get("/_sandbox/faults")).json()["items"]

    async def both_take_wake_ups(self) -> bool:
        async with await psycopg.AsyncConnection.connect(postgres_dsn(self.settings["PIPEWISE_DATABASE_URL"])) as asked:
            counted = await (await asked.execute("SELECT count(*) FROM procrastinate_workers")).fetchone()
        return counted == (2,)

    async def close(self) -> None:
        await self.api.aclose()
        await self.vendors.aclose()


@pytest.fixture
async def cluster(tmp_path: Path, sandbox_port: int, postgres_url: str) -> AsyncIterator[Cluster]:
    opened = Cluster(tmp_path, sandbox_port, postgres_url)
    yield opened
    await opened.close()


async def test_of_two_workers_one_is_killed_in_a_turn_and_every_lead_is_answered_once(cluster: Cluster) -> None:
    leads: list[str] = []
    async with cluster.receiving("--no-worker"):
        await cluster.connect()
        with cluster.working("before:run_commit") as doomed, cluster.working() as other:
            async with asyncio.timeout(40):
                while doomed.poll() is None:
                    # Whichever has room takes it: sooner or later the one that dies in its first turn.
                    leads.append(f"3519110002{len(leads):02d}")
                    await cluster.hears(leads[-1], "Schedule a demo")
                    await asyncio.sleep(0.5)
            assert doomed.returncode == SIGKILLED

            async def all_answered() -> bool:
                return set(await cluster.answered()) == set(leads)

            await until(all_answered, "every lead is answered")
            await asyncio.sleep(1.0)
            assert await cluster.answered() == dict.fromkeys(leads, 1)
            other.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(other.wait, 20) == 0


async def test_a_worker_paused_past_its_lease_does_nothing_twice_when_it_goes_on(cluster: Cluster) -> None:
    async with cluster.receiving("--no-worker"):
        await cluster.connect()
        with cluster.working() as paused:
            await cluster.says("Schedule a demo")
            await cluster.sent(1)
            await cluster.slow_answer("available_times", 3)
            await cluster.says("the second one, ana@silva.example")
            await until(cluster.no_fault_left, "the turn asks the vendor")
            paused.send_signal(signal.SIGSTOP)
            with cluster.working():
                await cluster.sent(2)
                paused.send_signal(signal.SIGCONT)
                # It reads the vendor's answer now, and would book, commit and send.
                await asyncio.sleep(3.0)
                assert len(await cluster.ledger("calendly", "booking")) == 1
                assert await cluster.answered() == {LEAD: 2}
                runs = (await cluster.api.get(f"/api/leads/{await cluster.lead_id()}/runs")).json()["items"]
                assert [run["outcome"] for run in runs].count("committed") == len(runs)
                await cluster.says("thanks!")
                await cluster.sent(3)
            assert paused.poll() is None


@pytest.mark.timeout(240)  # both the vendor and the lanes wait ever longer between their tries
async def test_a_database_that_was_stopped_costs_nothing_but_the_time(tmp_path: Path, sandbox_port: int) -> None:
    with start_server(find_binaries()) as server:
        cluster = Cluster(tmp_path, sandbox_port, server.create_database())
        try:
            async with cluster.receiving():
                await cluster.connect()
                await _survives_stops(cluster, server)
        finally:
            await cluster.close()


async def _survives_stops(cluster: Cluster, server: StoppableServer) -> None:
    with cluster.working() as worker:
        await until(cluster.both_take_wake_ups, "both processes work")
        await cluster.says("Schedule a demo")
        await cluster.sent(1)
        server.stop()
        # Nothing is acknowledged that is not stored, so the vendor delivers it again.
        await cluster.says("Which days are free?")
        await asyncio.sleep(1.0)
        server.start()
        await cluster.sent(2)
        await asyncio.sleep(1.0)
        assert await cluster.answered() == {LEAD: 2}
        assert worker.poll() is None


def test_a_worker_needs_a_shared_database() -> None:
    done = pipewise("worker")
    assert done.code == 2
    assert done.err.startswith("pipewise: `pipewise worker` shares a PostgreSQL")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("command", [["worker"], ["serve", "--port", str(free_port())]], ids=["worker", "serve"])
def test_in_production_an_old_schema_is_refused(command: list[str], postgres_url: str) -> None:
    settings = {
        "PIPEWISE_ENV": "production",
        "PIPEWISE_DATABASE_URL": postgres_url,
        "PIPEWISE_SECRET_KEYS": "k" * 40,
        "PIPEWISE_API_TOKEN": "pw_" + "t" * 40,
        "PIPEWISE_PUBLIC_URL": "https://pipewise.example",
    }
    done = pipewise(*command, settings=settings)
    assert done.code == 2
    assert done.err.splitlines()[-1] == "pipewise: The database schema is behind; run `pipewise migrate` first."
