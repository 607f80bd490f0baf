"""Wishes for a time in every language, across zones, and the free times that fit them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from pipewise.language.times import TimeWish, rank_slots, read_time_wish, wish_is_empty

LISBON = "Europe/Lisbon"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo(LISBON))  # a Monday
TUE, WED, THU, FRI = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)
NEXT_MON, NEXT_SUN = date(2026, 11, 30), date(2026, 12, 6)
DEC_3 = date(2026, 12, 3)
MORNING = {"after": time(6), "before": time(12)}
AFTERNOON = {"after": time(12), "before": time(18)}


def _on(day: date, **more: object) -> TimeWish:
    return TimeWish(earliest=day, latest=day, **more)  # type: ignore[arg-type]


def _weekday(day: date, **more: object) -> TimeWish:
    return _on(day, weekdays=frozenset([day.weekday()]), **more)


WISHES = {
    # German compounds of a day and its part
    "Passt Ihnen Freitagvormittag?": _weekday(FRI, **MORNING),
    "am Donnerstagnachmittag": _weekday(THU, **AFTERNOON),
    "donnerstagmorgens ginge": _weekday(THU, **MORNING),
    "Mittwochmittag": _weekday(WED, around=time(12)),
    "nicht Freitagvormittag, lieber Donnerstagabend": _weekday(
        THU, after=time(17), before=time(22), excluded_weekdays=frozenset([4])
    ),
    # English
    "Thursday after lunch": _weekday(THU, after=time(13), before=time(18)),
    "next week": TimeWish(earliest=NEXT_MON, latest=NEXT_SUN),
    "not Monday": TimeWish(excluded_weekdays=frozenset([0])),
    "around 3": TimeWish(around=time(15)),
    "tomorrow morning": _on(TUE, **MORNING),
    "between 2 and 4": TimeWish(after=time(14), before=time(16)),
    "2-4pm tomorrow": _on(TUE, after=time(14), before=time(16)),
    "from 9 to 11 on friday": _weekday(FRI, after=time(9), before=time(11)),
    "3pm": TimeWish(around=time(15)),
    "half past two": TimeWish(around=time(14, 30)),
    "quarter to five": TimeWish(around=time(16, 45)),
    "at 12": TimeWish(around=time(12)),
    "tomorrow at noon": _on(TUE, around=time(12)),
    "in two weeks": TimeWish(earliest=date(2026, 12, 7), latest=date(2026, 12, 13)),
    "3 Dec": _on(DEC_3),
    "December 3rd at 11:30 am": _on(DEC_3, around=time(11, 30)),
    "Thursday 3 December": _on(DEC_3),
    "3-5 December": TimeWish(earliest=DEC_3, latest=date(2026, 12, 5)),
    "2026-12-03": _on(DEC_3),
    "12/3": _on(date(2027, 3, 12)),
    "12/25": _on(date(2026, 12, 25)),
    "25/12": _on(date(2026, 12, 25)),
    "29 Feb": _on(date(2028, 2, 29)),
    "31 Nov": TimeWish(),
    "the 3rd": _on(DEC_3),
    "next week but not monday, after 3pm": TimeWish(
        earliest=NEXT_MON, latest=NEXT_SUN, excluded_weekdays=frozenset([0]), after=time(15)
    ),
    "Tuesday or Wednesday": TimeWish(earliest=TUE, latest=WED, weekdays=frozenset([1, 2])),
    "Thursday next week at 3": TimeWish(earliest=NEXT_MON, latest=NEXT_SUN, weekdays=frozenset([3]), around=time(15)),
    "thursdays": TimeWish(weekdays=frozenset([3])),
    "weekends only": TimeWish(weekdays=frozenset([5, 6])),
    "by Friday": TimeWish(latest=FRI),
    "after Thursday": TimeWish(earliest=FRI),
    "I can't do mornings": TimeWish(after=time(12)),
    "not tomorrow": TimeWish(earliest=WED),
    "2 or 3pm": TimeWish(after=time(14), before=time(15, 1)),
    "in January": TimeWish(earliest=date(2027, 1, 1), latest=date(2027, 1, 31)),
    "next quarter": TimeWish(earliest=date(2027, 1, 1), latest=date(2027, 3, 31)),
    # Spanish
    "mañana por la tarde": _on(TUE, **AFTERNOON),
    "mañana por la mañana": _on(TUE, **MORNING),
    "pasado mañana": _on(WED),
    "el jueves a las 5": _weekday(THU, around=time(17)),
    "a las tres y media": TimeWish(around=time(15, 30)),
    "el viernes no, el jueves sí": _weekday(THU, excluded_weekdays=frozenset([4])),
    "la próxima semana": TimeWish(earliest=NEXT_MON, latest=NEXT_SUN),
    "3 de diciembre": _on(DEC_3),
    # Portuguese
    "depois de amanhã": _on(WED),
    "quinta às 15h30": _weekday(THU, around=time(15, 30)),
    "na segunda à tarde": _weekday(NEXT_MON, **AFTERNOON),
    "no sábado de manhã": _weekday(date(2026, 11, 28), **MORNING),
    "segunda não dá, terça sim": _weekday(TUE, excluded_weekdays=frozenset([0])),
    "daqui a 3 dias": _on(THU),
    # French
    "15h": TimeWish(around=time(15)),
    "jeudi après-midi": _weekday(THU, **AFTERNOON),
    "de 14h à 16h": TimeWish(after=time(14), before=time(16)),
    "après-demain": _on(WED),
    "je ne peux pas lundi, plutôt mardi matin": _weekday(TUE, excluded_weekdays=frozenset([0]), **MORNING),
    "dans deux semaines": TimeWish(earliest=date(2026, 12, 7), latest=date(2026, 12, 13)),
    # German
    "15 Uhr": TimeWish(around=time(15)),
    "am Donnerstag nachmittag": _weekday(THU, **AFTERNOON),
    "übermorgen": _on(WED),
    "morgen früh": _on(TUE, **MORNING),
    "Montag Morgen um halb zehn": _weekday(NEXT_MON, around=time(9, 30)),
    "montag geht nicht, lieber dienstag früh": _weekday(TUE, excluded_weekdays=frozenset([0]), **MORNING),
    "am 3.12. um 15.30 Uhr": _on(DEC_3, around=time(15, 30)),
    "3.12.": _on(DEC_3),
    "14 bis 16 Uhr": TimeWish(after=time(14), before=time(16)),
    # Italian
    "giovedì alle 3 di pomeriggio": _weekday(THU, around=time(15)),
    "dopodomani mattina": _on(WED, **MORNING),
    "la prossima settimana": TimeWish(earliest=NEXT_MON, latest=NEXT_SUN),
    # Hindi
    "कल शाम 4 बजे": _on(TUE, around=time(16)),
    "कल सुबह साढ़े दस बजे": _on(TUE, around=time(10, 30)),
    "guruvar ko 3 baje ke baad": _weekday(THU, after=time(15)),
    "अगले हफ्ते": TimeWish(earliest=NEXT_MON, latest=NEXT_SUN),
    # Arabic
    "الخميس الساعة 3 مساء": _weekday(THU, around=time(15)),
    "غدا صباحا": _on(TUE, **MORNING),
    "بعد غد": _on(WED),
    "بعد أسبوعين": TimeWish(earliest=date(2026, 12, 7), latest=date(2026, 12, 13)),
    "الأسبوع القادم": TimeWish(earliest=NEXT_MON, latest=NEXT_SUN),
    # No wish at all
    "we are 5 people and need 3 seats": TimeWish(),
    "our budget is 2k a month": TimeWish(),
    "in 30 minutes": TimeWish(),
    "around 20 users": TimeWish(),
    "24/7 support": TimeWish(),
    "UTC+5:30 is my zone": TimeWish(),
    "¿quiere reservar o tiene antes una pregunta?": TimeWish(),
    "": TimeWish(),
}


@pytest.mark.parametrize("text", list(WISHES))
def test_reads_a_wish(text: str) -> None:
    wish = read_time_wish(text, now=NOW, timezone=LISBON)
    assert wish == WISHES[text]
    assert wish_is_empty(wish) is (WISHES[text] == TimeWish())


ZONES = (
    "UTC", "Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "America/Sao_Paulo",
    "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney", "Pacific/Auckland", "Asia/Dubai", "Africa/Cairo",
)  # fmt: skip
EDGES = (
    datetime(2026, 3, 28, 23, 30, tzinfo=UTC),  # the night the clocks change in Europe
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 6, 30, tzinfo=UTC),  # and in the United States
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("now", EDGES)
def test_tomorrow_and_friday_are_the_leads_own(zone: str, now: datetime) -> None:
    today = now.astimezone(ZoneInfo(zone)).date()
    tomorrow = read_time_wish("tomorrow in the morning", now=now, timezone=zone)
    assert (tomorrow.earliest, tomorrow.latest) == (today + timedelta(days=1),) * 2
    assert (tomorrow.after, tomorrow.before) == (time(6), time(12))
    friday = read_time_wish("Friday", now=now, timezone=zone)
    assert friday.earliest is not None
    assert friday.earliest.weekday() == 4
    assert today < friday.earliest <= today + timedelta(days=7)


def _hours(*days: int) -> list[datetime]:
    """Free times from nine to half past four, each half hour, on the given days of November 2026."""
    zone = ZoneInfo(LISBON)
    return [datetime(2026, 11, day, 9 + half // 2, half % 2 * 30, tzinfo=zone) for day in days for half in range(16)]


def _rank(starts: list[datetime], wish: TimeWish, count: int = 3, timezone: str = LISBON) -> list[str]:
    return [f"{start:%d %H:%M}" for start in rank_slots(starts, wish, timezone=timezone, count=count)]


def test_spreads_over_days_and_parts_of_the_day() -> None:
    assert _rank(_hours(24, 25, 26), TimeWish()) == ["24 09:00", "25 12:00", "26 09:00"]


def test_spreads_within_one_day() -> None:
    chosen = rank_slots(_hours(24), TimeWish(), timezone=LISBON, count=3)
    gaps = [later - earlier for earlier, later in pairwise(chosen)]
    assert min(gaps) > timedelta(minutes=60)


def test_keeps_to_the_wish() -> None:
    wish = read_time_wish("thursday after lunch", now=NOW, timezone=LISBON)
    starts = rank_slots(_hours(24, 25, 26, 27), wish, timezone=LISBON, count=5)
    assert starts
    assert all(start.day == 26 and 13 <= start.hour < 18 for start in starts)


def test_around_takes_the_nearest_of_each_day() -> None:
    wish = read_time_wish("around 3", now=NOW, timezone=LISBON)
    assert _rank(_hours(24, 25), wish, count=2) == ["24 15:00", "25 15:00"]


def test_excluded_days_are_left_out() -> None:
    wish = read_time_wish("not Tuesday", now=NOW, timezone=LISBON)
    assert {line[:2] for line in _rank(_hours(24, 25, 26), wish, count=6)} == {"25", "26"}


def test_nothing_that_fits_gives_nothing() -> None:
    wish = read_time_wish("Saturday at 8 pm", now=NOW, timezone=LISBON)
    assert rank_slots(_hours(24, 25), wish, timezone=LISBON, count=3) == ()


def test_the_wish_is_in_the_leads_zone() -> None:
    """Nine in Lisbon is half past two in the afternoon in Kolkata."""
    wish = read_time_wish("in the afternoon", now=NOW, timezone="Asia/Kolkata")
    assert _rank(_hours(24), wish, count=1, timezone="Asia/Kolkata") == ["24 09:00"]
    assert _rank(_hours(24), wish, count=1, timezone="America/New_York") == []


def test_chronological_without_repeats_and_never_more_than_asked() -> None:
    starts = _hours(24, 25, 26, 27) * 2
    chosen = rank_slots(starts, TimeWish(), timezone=LISBON, count=7)
    assert len(set(chosen)) == 7
    assert list(chosen) == sorted(chosen)
    assert rank_slots(starts, TimeWish(), timezone=LISBON, count=0) == ()
