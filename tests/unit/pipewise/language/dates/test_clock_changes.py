"""Hours that clocks skip or show twice: named in words they are asked about, never booked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipewise.language.choice import Offered, pick_choice
from pipewise.language.phrases import format_slot
from pipewise.language.times import read_time_wish
from pipewise.scheduling import Slot
from pipewise.slot_offers import choose_slots
from tests.unit.pipewise.language.dates.cases import FROM, UNTIL, ZONES
from tests.unit.pipewise.language.dates.oracle import changes, instants

# The words for a time of day, in each language; the day is always the day of the change.
SAID = {
    "en": "on {day}/{month}/{year} at {hour:02d}:{minute:02d}",
    "es": "el {day}/{month}/{year} a las {hour:02d}:{minute:02d}",
    "pt": "dia {day}/{month}/{year} às {hour:02d}:{minute:02d}",
    "fr": "le {day}/{month}/{year} à {hour:02d}h{minute:02d}",
    "de": "am {day}.{month}.{year} um {hour:02d}:{minute:02d} Uhr",
    "hi": "{day}/{month}/{year} को {hour:02d}:{minute:02d} बजे",
    "ar": "يوم {day}/{month}/{year} الساعة {hour:02d}:{minute:02d}",
}
QUARTERS = tuple(range(0, 24 * 60, 15))


def moved(zone: str) -> Iterator[tuple[date, int, list[datetime]]]:
    """Every quarter of an hour that is skipped or comes twice: day, minute of the day, its instants."""
    known = ZoneInfo(zone)
    for day in changes(known, FROM, UNTIL):
        for near in (day - timedelta(days=1), day):
            for minute in QUARTERS:
                found = instants(near, minute, known)
                if len(found) != 1:
                    yield near, minute, found


def words_for(language: str, day: date, minute: int) -> str:
    values = {"day": day.day, "month": day.month, "year": day.year}
    return SAID[language].format(**values, hour=minute // 60, minute=minute % 60)


def free_on(day: date, zone: str) -> list[datetime]:
    return sorted(start for minute in QUARTERS for start in instants(day, minute, ZoneInfo(zone)))


def listed(starts: list[datetime]) -> list[Offered]:
    return [Offered(f"slot_{number}", start) for number, start in enumerate(starts, 1)]


CHANGING = [zone for zone in ZONES if changes(ZoneInfo(zone), FROM, UNTIL)]


@pytest.mark.parametrize("zone", CHANGING)
def test_a_time_that_does_not_exist_or_comes_twice_is_never_booked_by_its_name(zone: str) -> None:
    cases = 0
    for day, minute, found in moved(zone):
        now = instants(day - timedelta(days=3), 720, ZoneInfo(zone))[0]
        free = [Slot(start, "", "type") for start in free_on(day, zone)]
        for language in SAID:
            said = words_for(language, day, minute)
            slots, _ = choose_slots(free, read_time_wish(said, now=now, timezone=zone), zone)
            offered = [slot.start for slot in slots]
            assert offered, said
            assert pick_choice(said, listed(offered), timezone=zone, now=now) is None, (said, offered)
            assert set(found) <= set(offered), (said, offered)
            cases += 1
    print(f"{zone}: {cases} cases")  # noqa: T201  pytest shows it with a failure
    assert cases >= 7 * 2 * 2  # half an hour twice a year, in every language


@pytest.mark.parametrize("zone", CHANGING)
def test_of_a_time_that_comes_twice_the_list_shows_which_and_the_number_picks_it(zone: str) -> None:
    for day, minute, found in moved(zone):
        if len(found) < 2:
            continue
        now = instants(day - timedelta(days=3), 720, ZoneInfo(zone))[0]
        labels = [format_slot(start, language="en", timezone=zone) for start in found]
        assert len(set(labels)) == 2, labels
        assert all("UTC" in label for label in labels)
        for number, start in enumerate(found, 1):
            assert pick_choice(str(number), listed(found), timezone=zone, now=now) == f"slot_{number}"
            alone = [Offered("slot_1", start)]
            assert pick_choice(words_for("en", day, minute), alone, timezone=zone, now=now) is None
            assert pick_choice("yes", alone, timezone=zone, now=now) == "slot_1"


def test_a_time_that_comes_once_is_shown_without_its_distance() -> None:
    start = instants(date(2027, 10, 31), 14 * 60, ZoneInfo("Europe/Berlin"))[0]
    assert format_slot(start, language="en", timezone="Europe/Berlin") == "Sun 31 Oct, 14:00"
