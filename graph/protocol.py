"""The graph protocol of one process: its assistant, threads, runs and crons."""

from typing import Any

from graph.checkpoints import Checkpoints
from graph.cron_runs import CronRuns
from graph.http_runs import HttpRuns
from graph.run_work import RunWork
from graph.thread_runs import ThreadRuns
from graph.thread_states import ThreadStates
from graph.threads import Threads
from pipewise.resources import Resources


class GraphProtocol:
    def __init__(self, resources: Resources, http: HttpRuns, checkpoints: Checkpoints, *, adopts: bool) -> None:
        self._http = http
        self.states = ThreadStates(resources, http)
        self.threads = Threads(resources, self.states, checkpoints)
        self.runs = ThreadRuns(resources, RunWork(resources, http, self.states, checkpoints), adopts=adopts)
        self.crons = CronRuns(resources, self.runs)
        self._adopts = adopts

    async def open(self) -> None:
        """Runs that others left go on; crons fire if this process works."""
        await self.runs.open()
        if self._adopts:
            self.crons.start()

    async def close(self) -> None:
        await self.crons.stop()
        await self.runs.close()

    async def forget_lead(self, account_id: str, lead_id: str) -> None:
        """Conversations and crons that name the lead, before the lead itself is erased."""
        await self.crons.forget_lead(account_id, lead_id)
        await self.threads.forget_lead(account_id, lead_id)

    @property
    def graph(self) -> Any:
        """Compiled."""
        return self._http.turns.graph

    @property
    def nodes(self) -> frozenset[str]:
        """The names of the graph's steps."""
        return frozenset(self.graph.nodes) - {"__start__"}
