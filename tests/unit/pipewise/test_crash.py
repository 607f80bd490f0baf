"""Crash points: refused unless known, and harmless unless asked for."""

import subprocess
import sys

import pytest

from pipewise.crash import CRASH_POINTS, CrashPoints
from pipewise.errors import SettingsError


def test_an_unknown_point_is_named_with_the_known_ones() -> None:
    with pytest.raises(SettingsError, match=r"PIPEWISE_TEST_HOOKS: unknown before:lunch; known are .*before:send"):
        CrashPoints(("before:send", "before:lunch"))


def test_what_was_not_asked_for_does_nothing() -> None:
    crash = CrashPoints(("after:send",))
    for name in CRASH_POINTS:
        if name != "after:send":
            crash.reach(name)


def test_what_was_asked_for_kills_at_once() -> None:
    program = (
        "from pipewise.crash import CrashPoints; CrashPoints(('before:send',)).reach('before:send'); print('alive')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=30)
    assert ended.returncode == -9
    assert ended.stdout == b""
