"""Named crash points for tests: the process kills itself the first time it reaches one that was asked for."""

import os
import signal

from pipewise.errors import SettingsError

CRASH_POINTS = (
    "after:inbox_commit",
    "before:turn",
    "before:booking",
    "after:booking",
    "before:run_commit",
    "after:run_commit",
    "before:send",
    "after:send",
)


class CrashPoints:
    """Does nothing unless names were asked for, which only PIPEWISE_ENV=test allows."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        unknown = set(names) - set(CRASH_POINTS)
        if unknown:
            raise SettingsError(
                f"PIPEWISE_TEST_HOOKS: unknown {', '.join(sorted(unknown))}; known are {', '.join(CRASH_POINTS)}."
            )
        self._names = frozenset(names)

    def reach(self, name: str) -> None:
        if name in self._names:
            os.kill(os.getpid(), signal.SIGKILL)
