"""The graph protocol of one process: its assistant, threads and runs."""

from typing import Any

from graph.checkpoints import Checkpoints
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

    @property
    def graph(self) -> Any:
        """Compiled."""
        return self._http.turns.graph

    @property
    def nodes(self) -> frozenset[str]:
        """The names of the graph's steps."""
        return frozenset(self.graph.nodes) - {"__start__"}
