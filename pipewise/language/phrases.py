"""The sentences PipeWise says by rule, and how it writes times, in each of its languages."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pipewise.language import (
    phrases_ar,
    phrases_de,
    phrases_en,
    phrases_es,
    phrases_fr,
    phrases_hi,
    phrases_it,
    phrases_pt,
)
from pipewise.language.calendar_words import (
    DAY_FORMS,
    MONTHS_LONG,
    MONTHS_SHORT,
    SLOT_FORMS,
    WEEKDAYS_LONG,
    WEEKDAYS_SHORT,
)
from pipewise.language.wall_times import comes_twice

PHRASES = {
    "en": phrases_en.PHRASES,
    "es": phrases_es.PHRASES,
    "pt": phrases_pt.PHRASES,
    "fr": phrases_fr.PHRASES,
    "de": phrases_de.PHRASES,
    "it": phrases_it.PHRASES,
    "hi": phrases_hi.PHRASES,
    "ar": phrases_ar.PHRASES,
}
KEYS = tuple(phrases_en.PHRASES)


def known(language: str) -> str:
    """The language itself when it is one of ours (a region is ignored: `pt-BR` is `pt`), else English."""
    code = language.replace("_", "-").split("-")[0].lower()
    return code if code in PHRASES else "en"


def say(key: str, language: str, **values: str) -> str:
    """The sentence in that language. A value that the sentence has no place for is ignored; a missing one is a KeyError."""
    return PHRASES[known(language)][key].format(**values)


def format_slot(start: datetime, *, language: str, timezone: str) -> str:
    """The start as the lead's clock shows it: "Thu 3 Dec, 15:00"; where that comes twice, with the distance from UTC."""
    code, local = known(language), start.astimezone(ZoneInfo(timezone))
    offset = f" {_distance_from_utc(start, timezone)}" if comes_twice(start, timezone) else ""
    return SLOT_FORMS[code].format(
        weekday=WEEKDAYS_SHORT[code][local.weekday()],
        day=local.day,
        month=MONTHS_SHORT[code][local.month - 1],
        time=f"{local:%H:%M}{offset}",
    )


def format_day(start: datetime, *, language: str, timezone: str) -> str:
    """The day of the start in the lead's zone: "Thursday 3 December"."""
    code, local = known(language), start.astimezone(ZoneInfo(timezone))
    return DAY_FORMS[code].format(
        weekday=WEEKDAYS_LONG[code][local.weekday()], day=local.day, month=MONTHS_LONG[code][local.month - 1]
    )


def format_timezone(timezone: str, at: datetime) -> str:
    """The zone and its distance from UTC at that moment: "Europe/Lisbon, UTC+0"."""
    return f"{timezone}, {_distance_from_utc(at, timezone)}"


def _distance_from_utc(at: datetime, timezone: str) -> str:
    offset = at.astimezone(ZoneInfo(timezone)).utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
