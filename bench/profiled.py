"""Runs a program of this repository as `__main__` and samples whose processor time it spends: `python -m bench.profiled
FILE MODULE ARGUMENT…`. SIGUSR1 starts counting anew; FILE has the counts in seconds once the program has ended.

The main thread is sampled by its own processor time. Other threads are counted as they are, by name: what runs in them
is a driver's work.
"""

import json
import runpy
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from bench.parts import part_of

SAMPLE_SECONDS = 0.002


class Profile:
    """Seconds of processor time by part."""

    def __init__(self) -> None:
        self.main: Counter[str] = Counter()
        self._last = time.thread_time()
        self._threads = _thread_seconds()
        self._process = time.process_time()

    def sample(self, _number: int, frame: FrameType | None) -> None:
        now = time.thread_time()
        self.main[part_of(_files(frame))] += now - self._last  # type: ignore[assignment]
        self._last = now

    def restart(self, _number: int, _frame: FrameType | None) -> None:
        self.main.clear()
        self._last, self._threads, self._process = time.thread_time(), _thread_seconds(), time.process_time()

    def counts(self) -> dict[str, float]:
        """Of the main thread by part; of the others by name, those that have ended in one sum."""
        threads = {name: spent - self._threads.get(name, 0.0) for name, spent in _thread_seconds().items()}
        whole = time.process_time() - self._process
        rest = whole - sum(self.main.values()) - sum(threads.values())
        shown = {f"thread {name}": spent for name, spent in threads.items() if spent > 0}
        return {**self.main, **shown, "other threads": max(0.0, rest), "all": whole}


def _files(frame: FrameType | None) -> Iterator[str]:
    """Innermost first."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def _thread_seconds() -> dict[str, float]:
    """Of the threads that live, other than the main one."""
    found: Counter[str] = Counter()
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and thread.ident is not None:
            name = thread.name.rstrip("0123456789").rstrip("-_")
            found[name] += time.clock_gettime(time.pthread_getcpuclockid(thread.ident))  # type: ignore[assignment]
    return dict(found)


def main() -> None:
    path, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    profile = Profile()
    signal.signal(signal.SIGPROF, profile.sample)
    signal.signal(signal.SIGUSR1, profile.restart)
    signal.signal(signal.SIGUSR2, lambda *_: _write(Path(path), profile))
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_SECONDS, SAMPLE_SECONDS)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _write(path: Path, profile: Profile) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(profile.counts()))
    draft.replace(path)


if __name__ == "__main__":
    main()
