"""The times of the year that people put things off to, as dates: worked out by rule, the same for everybody who asks.

Ramadan and the feasts follow the tabular Islamic calendar, which may be a day or two from what is seen in the sky; so "after"
a feast is after its three days. Easter is the western one. Summer is that of the hemisphere of the zone: in the north until 31
August, which most schools keep to, in the south until the end of January, when schools begin again. Diwali is listed, as it
follows the moon; beyond the list it is not known.
"""

from collections.abc import Iterator
from datetime import date, timedelta

Season = tuple[date, date]
"""First and last day."""

SOUTHERN = (
    "Australia/", "Antarctica/", "Pacific/Auckland", "Pacific/Chatham", "America/Sao_Paulo", "America/Argentina/",
    "America/Santiago", "America/Montevideo", "America/Asuncion", "America/La_Paz", "America/Lima", "America/Porto_Velho",
    "America/Campo_Grande", "America/Cuiaba", "America/Bahia", "Africa/Johannesburg", "Africa/Maputo", "Africa/Harare",
    "Africa/Lusaka", "Africa/Windhoek", "Africa/Gaborone", "Africa/Luanda",
)  # fmt: skip
DIWALI = (
    date(2025, 10, 20), date(2026, 11, 8), date(2027, 10, 29), date(2028, 10, 17), date(2029, 11, 5), date(2030, 10, 26),
)  # fmt: skip
FEAST_DAYS = 3
_RAMADAN, _SHAWWAL, _DHU_AL_HIJJA = 9, 10, 12
_EPOCH = 1_948_440 - 385
_ORDINAL_OF_DAY_ZERO = 1_721_425  # from Julian day numbers to Python's ordinals


def coming(name: str, today: date, zone: str) -> Season | None:
    """The season that is going on, else the next one; None if it is not known when that is."""
    found = (season for year in range(today.year - 1, today.year + 3) for season in _seasons(name, year, zone))
    return min((season for season in found if season[1] >= today), default=None)


def _seasons(name: str, year: int, zone: str) -> Iterator[Season]:
    """Those that begin in the year."""
    match name:
        case "christmas":
            yield date(year, 12, 24), date(year, 12, 26)
        case "new_year":
            yield date(year, 1, 1), date(year, 1, 1)
        case "winter_holidays":
            yield date(year, 12, 21), date(year + 1, 1, 6)
        case "easter":
            sunday = _easter(year)
            yield sunday - timedelta(days=2), sunday + timedelta(days=1)
        case "summer" if zone.startswith(SOUTHERN):
            yield date(year, 12, 21), date(year + 1, 1, 31)
        case "summer":
            yield date(year, 6, 21), date(year, 8, 31)
        case "diwali":
            yield from ((day, day) for day in DIWALI if day.year == year)
        case _:
            yield from _islamic(name, year)


def _islamic(name: str, year: int) -> Iterator[Season]:
    around = round((year - 622) * 33 / 32)
    for hijri in range(around - 1, around + 3):
        feast = _from_hijri(hijri, _SHAWWAL, 1)
        start, end = {
            "ramadan": (_from_hijri(hijri, _RAMADAN, 1), feast + timedelta(days=FEAST_DAYS - 1)),
            "eid_fitr": (feast, feast + timedelta(days=FEAST_DAYS - 1)),
            "eid_adha": (_from_hijri(hijri, _DHU_AL_HIJJA, 10), _from_hijri(hijri, _DHU_AL_HIJJA, 9 + FEAST_DAYS)),
        }[name]
        if start.year == year:
            yield start, end


def _from_hijri(year: int, month: int, day: int) -> date:
    """By the tabular calendar: years of twelve months of 30 and 29 days in turn, eleven of thirty with a day more."""
    number = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + _EPOCH
    return date.fromordinal(number - _ORDINAL_OF_DAY_ZERO)


def _easter(year: int) -> date:
    """Easter Sunday by the Gregorian rule."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15
    moon = skipped % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    distance = moon - weekday
    month = 3 + (distance + 40) // 44
    return date(year, month, distance + 28 - 31 * (month // 4))
