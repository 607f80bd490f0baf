"""A run that this process carries out, or has lately: what it told, how it ended, and how it is stopped."""

import asyncio
from collections.abc import Mapping
from typing import Any

from graph.run_spec import RunSpec
from graph.run_stream import RunStream, Teller
from pipewise.errors import ErrorBody
from pipewise.storage.thread_runs import ThreadRun
from pipewise.storage.threads import Thread
from pipewise.turns import Superseded, Withdrawal


class RunCancelled(Superseded):
    """Somebody stopped the run, here or in the tables."""

    code = "cancelled"


class LiveRun:
    """`row` is None for a run without a thread for whose end its client waits: nothing of it is stored. `aside` are the runs
    that it pushes aside, as they were; `is_first` when nothing was before it in the line of its thread."""

    def __init__(
        self,
        thread: Thread,
        run_id: str,
        spec: RunSpec,
        row: ThreadRun | None,
        aside: tuple[ThreadRun, ...] = (),
        *,
        is_first: bool = False,
    ) -> None:
        self.thread = thread
        self.run_id = run_id
        self.spec = spec
        self.row = row
        self.aside = aside
        self.is_first = is_first
        self.stream = RunStream()
        names = (thread.place, thread.thread_id)
        self.teller = Teller(self.stream, spec.modes, names, subgraphs=spec.subgraphs)
        self.withdrawal = Withdrawal()
        self.output: Mapping[str, Any] = {}
        self.status = "pending"
        self.ends_as = "success"
        self.is_recorded = False  # its end, in the transaction of its turn
        self.begun_at: str | None = None
        self.work: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()

    def cancel(self) -> None:
        """A vendor's call that is under way ends first: its outcome must be known. Anything else stops at once."""
        self.status = "interrupted"
        self.withdrawal.withdraw(RunCancelled("The run was cancelled."))
        if self.work and not self.spec.delivers:
            self.work.cancel()

    def end(self, status: str, error: ErrorBody | None = None) -> None:
        """Tell followers, and let those who wait go on."""
        self.status = status
        if error:
            described = {**error.as_dict(), "error": error.code, "message": error.error}
            self.output = {"__error__": described}
            self.teller.tell("error", described)
        self.stream.close()
        self.ended.set()
