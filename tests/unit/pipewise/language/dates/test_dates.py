"""What leads say of days and times, in seven languages and fourteen zones around the days on which clocks change, against an
oracle of its own."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from pipewise.language.choice import Offered, pick_choice
from pipewise.language.times import read_time_wish
from pipewise.scheduling import Slot
from pipewise.slot_offers import choose_slots
from tests.unit.pipewise.language.dates.cases import Case, build_cases
from tests.unit.pipewise.language.dates.phrases import DAYS, WHOLE

LEAST_CASES = 950  # of each language


def offer(case: Case, free: Sequence[datetime]) -> tuple[list[datetime], bool]:
    wish = read_time_wish(case.phrase, now=case.now, timezone=case.zone)
    slots, fits = choose_slots([Slot(start, "", "type") for start in free], wish, case.zone)
    return [slot.start for slot in slots], fits


def wrong(case: Case) -> str | None:
    free = case.free()
    offered, fits = offer(case, free)
    possible = any(case.allows(start) for start in free)
    if not possible:
        near = case.clock is not None and case.clock.kind == "at"  # what is near the time that was named may be offered
        return None if near or not fits else f"offered as fitting though nothing is: {offered}"
    if not fits or not offered:
        return f"{read_time_wish(case.phrase, now=case.now, timezone=case.zone)} offers none that fits"
    if case.clock is None or case.clock.kind != "at":
        misfits = [start for start in offered if not case.allows(start)]
        return f"offered {misfits}" if misfits else None
    return _of_one_time(case, offered)


def _of_one_time(case: Case, offered: list[datetime]) -> str | None:
    exact = [start for start in offered if case.allows(start)]
    if not exact:
        return f"offered {offered} without the time that was named"
    listed = [Offered(f"slot_{number}", start) for number, start in enumerate(offered, 1)]
    picked = pick_choice(case.phrase.replace("?", ""), listed, timezone=case.zone, now=case.now)
    booked = next((one.start for one in listed if one.handle == picked), None)
    meant = case.meant()
    if booked and booked not in (meant or exact):
        return f"booked {booked}, meant {meant or exact}"
    refuses = case.phrase in WHOLE[case.language]  # what else a sentence says may call for a question
    return None if booked or refuses or not meant else f"{offered} was offered and the same words pick none"


@pytest.mark.parametrize("language", sorted(DAYS))
def test_the_booked_instant_is_the_one_that_was_meant(language: str) -> None:
    cases = list(build_cases(language))
    found = {case: problem for case in cases if (problem := wrong(case))}
    print(f"{language}: {len(cases)} cases")  # noqa: T201  pytest shows it with a failure
    assert len(cases) >= LEAST_CASES
    assert not found, "\n".join(f"{c.phrase!r} {c.zone} at {c.now:%a %F %R}Z: {p}" for c, p in found.items())
