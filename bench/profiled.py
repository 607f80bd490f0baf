"""Runs a program of this repository as `__main__` and samples whose processor time it spends: `python -m bench.profiled
FILE MODULE ARGUMENT…`. SIGUSR1 starts counting anew; FILE has the counts in seconds once the program has ended.

Every thread is sampled whenever the process has spent some time: what a thread has spent since belongs to what it does just now.
"""

import json
import runpy
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from bench.parts import DRIVER, EVENT_LOOP, is_driver_call, part_of

SAMPLE_SECONDS = 0.002


class Profile:
    """Seconds of processor time by part."""

    def __init__(self) -> None:
        self._parts: dict[str, float] = defaultdict(float)
        self._seen = _thread_seconds()
        self._process = time.process_time()

    def sample(self, _number: int, frame: FrameType | None) -> None:
        now = _thread_seconds()
        frames = sys._current_frames()  # noqa: SLF001  documented, if not by its name
        for thread, spent in now.items():
            main = thread is threading.main_thread()
            here = frame if main else frames.get(thread.ident or 0)
            self._parts[_label(thread, main, here)] += spent - self._seen.get(thread, 0.0)
        self._seen = now

    def restart(self, _number: int, _frame: FrameType | None) -> None:
        self._parts.clear()
        self._seen, self._process = _thread_seconds(), time.process_time()

    def counts(self) -> dict[str, float]:
        """What was not met by a sample, as of threads that have ended, is `not sampled`."""
        whole = time.process_time() - self._process
        found = {part: spent for part, spent in self._parts.items() if spent > 0}
        return {**found, "not sampled": max(0.0, whole - sum(found.values())), "all": whole}


def _label(thread: threading.Thread, main: bool, frame: FrameType | None) -> str:  # noqa: FBT001
    frames = [(place.f_code.co_filename, place.f_code.co_name) for place in _outwards(frame)]
    if main:
        return part_of(file for file, _ in frames)
    name = thread.name.rstrip("0123456789").rstrip("-_")
    part = DRIVER if is_driver_call(frames) else part_of(file for file, _ in frames)
    # Without an owner it is waiting by now for what to do next: the call that cost something has just ended.
    return f"thread {name}: {'a call that just ended' if part == EVENT_LOOP else part}"


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    """Innermost first."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _thread_seconds() -> dict[threading.Thread, float]:
    """Of the threads that live."""
    alive = [thread for thread in threading.enumerate() if thread.ident is not None]
    return {thread: time.clock_gettime(time.pthread_getcpuclockid(thread.ident or 0)) for thread in alive}


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
