"""Procrastinate's queue of wake-ups: taken from it, recovered when a worker died with them, and cleared away.

A job lasts as long as it takes to start a lane; the lane's lease then stands for the work. So a queue that broke off with its
database is opened anew while the turns of this process go on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job, Status
from psycopg_pool import AsyncConnectionPool

from pipewise.storage.connection_state import ensure_open
from pipewise.storage.database_roles import take_role
from pipewise.storage.wake_ups import QUEUE, TASK

log = logging.getLogger(__name__)
AT_ONCE = 4
CONNECTIONS = 6
CONNECT_SECONDS = 5
ANSWER_SECONDS = 3.0
HEARTBEAT_SECONDS = 2.0
STALLED_SECONDS = 6.0
EVERY_THREE_SECONDS = "* * * * * */3"
EVERY_HOUR = "23 * * * *"
KEPT_HOURS = 24
UPKEEP = "upkeep"
REOPEN_SECONDS = 0.5
STOP_SECONDS = 2.0

Wake = Callable[[str], Awaitable[None]]
"""Starts the lead's lane, as soon as this process has room for it."""


class WakeQueue:
    def __init__(self, dsn: str, wake: Wake) -> None:
        self._dsn = dsn
        self._wake = wake

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self._work()
            except Exception:
                # The worker loop: a database that was stopped comes back, and so does its queue.
                log.warning("the queue of wake-ups broke off and is opened anew", exc_info=True)
            await asyncio.sleep(REOPEN_SECONDS)

    async def _work(self) -> None:
        """Returns when Procrastinate gave up, which it does as soon as a heartbeat cannot be written."""
        # The pool waits ever longer between its tries, so it is opened only where a connection can be had.
        async with await psycopg.AsyncConnection.connect(self._dsn, connect_timeout=CONNECT_SECONDS):
            pass
        app = make_app(self._dsn, self._wake)
        async with app.open_async():
            await app.run_worker_async(
                queues=[QUEUE, UPKEEP],
                concurrency=AT_ONCE,
                delete_jobs=DeleteJobCondition.SUCCESSFUL,
                install_signal_handlers=False,
                shutdown_graceful_timeout=STOP_SECONDS,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
            )


def make_app(dsn: str, wake: Wake) -> App:
    """Not open yet."""
    connector = PsycopgConnector(
        pool_factory=_make_pool,
        conninfo=dsn,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=ANSWER_SECONDS,
        configure=_configure,
    )
    app = App(connector=connector)

    @app.task(name=TASK, queue=QUEUE)
    async def wake_lane(lead_id: str) -> None:
        await wake(lead_id)

    @app.periodic(cron=EVERY_THREE_SECONDS)
    @app.task(name="recover_stalled", queue=UPKEEP, queueing_lock="recover_stalled")
    async def recover_stalled(timestamp: int) -> None:  # noqa: ARG001  what a periodic task is given
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            await _recover(app, job)

    @app.periodic(cron=EVERY_HOUR)
    @app.task(name="clear_away", queue=UPKEEP, queueing_lock="clear_away")
    async def clear_away(timestamp: int) -> None:  # noqa: ARG001  what a periodic task is given
        await app.job_manager.delete_old_jobs(
            KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )

    return app


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)
    await take_role(connection)
    connection.prepare_threshold = 0  # its statements are few, and all come again


def _make_pool(**given: Any) -> AsyncConnectionPool[Any]:
    """Procrastinate asks a connection for its liveness before each of its statements and puts a transaction around each; these
    are functions of the server that need none, so an event would pay for twelve trips that do nothing."""
    return AsyncConnectionPool(**{**given, "check": ensure_open})


async def _recover(app: App, job: Job) -> None:
    """Its worker is not heard of any more: back into the queue, unless the same waits there already."""
    try:
        await app.job_manager.retry_job(job)
    except ConnectorException:
        log.info("a stalled job is not needed any more", extra={"job_id": job.id, "task": job.task_name})
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
