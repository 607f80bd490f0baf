"""The clock that tests shift: read at each look, and never led astray by what stands in its file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipewise.clock import ShiftedClock, SystemClock

CLOSE = timedelta(seconds=5)


def close(moment: datetime, wanted: datetime) -> bool:
    return abs(moment - wanted) < CLOSE


def test_the_system_clock_is_aware_and_runs() -> None:
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()
    assert clock.recheck > ShiftedClock(Path("x")).recheck == 0.5


@pytest.mark.parametrize("seconds", ["0", "3600", "-86400", "1.5", " 60\n", "", "94608000", "-94608000", "1e3"])
def test_the_file_shifts_the_wall_and_not_the_monotonic_clock(seconds: str, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text(seconds)
    clock = ShiftedClock(file)
    assert close(clock.now(), SystemClock().now() + timedelta(seconds=float(seconds.strip() or 0)))
    assert abs(clock.monotonic() - SystemClock().monotonic()) < 5


def test_each_look_reads_the_file_anew(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = ShiftedClock(file)
    for seconds in (0, 86400, -86400):
        file.write_text(str(seconds))
        assert close(clock.now(), SystemClock().now() + timedelta(seconds=seconds))


@pytest.mark.parametrize("broken", [None, "soon", "nan", "inf", "-inf", "1e30", "1e18", "-1e11", "\x00"])
def test_what_cannot_be_used_leaves_the_last_value(broken: str | None, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("3600")
    clock = ShiftedClock(file)
    clock.now()
    if broken is None:
        file.unlink()
    else:
        file.write_text(broken)
    assert close(clock.now(), SystemClock().now() + timedelta(hours=1))
