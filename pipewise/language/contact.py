"""Contact data in a message: e-mail, phone, name, company, and the time zone that a phone number tells."""

import re
from collections.abc import Sequence
from functools import cache

import phonenumbers
from phonenumbers import timezone as phone_timezones

from pipewise.language import contact_words as table
from pipewise.language.consent import entries, word_set
from pipewise.language.folding import MAX_CHARS, Word, fold, words
from pipewise.language.home_zones import HOME_ZONES, LARGER_ZONES, ONE_ZONE, SAME_ZONES
from pipewise.language.stop_words import STOP_WORDS

_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._%+'-]{0,62}[A-Za-z0-9_+-])?")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LOCAL_END = re.compile(r"[A-Za-z0-9._%+'-]{1,64}$")
_DOMAIN_START = re.compile(r"[A-Za-z0-9.-]{1,253}")
_PHONE_TRIES = 20  # numbers looked at in one message
_MAX_NAME_WORDS = 4
_MAX_FULL_NAME = 7  # of words that are all written as names are: "Maria João Dias dos Santos"

_NAME_ENDS = word_set(table.NAME_ENDS)
_NO_NAMES = word_set(table.NO_NAMES)
_ALSO_NAMES = word_set(table.ALSO_NAMES)
_ARABIC_GIVEN = word_set(table.ARABIC_GIVEN)
_ARABIC_JOINTS = word_set(table.ARABIC_JOINTS)
_COMPANY_SUFFIXES = word_set(table.COMPANY_SUFFIXES)
_COMPANY_ENDS = word_set(table.COMPANY_ENDS)
_NO_COMPANIES = word_set(table.NO_COMPANIES) | word_set(table.PLACES)
_ARTICLES = word_set(table.ARTICLES)
_PARTICLES = frozenset(("da", "do", "dos", "du", "von", "di", "del"))  # inside a name; "de" only behind a first name
_PLACEHOLDER_LOCALS = frozenset(table.PLACEHOLDER_LOCALS.split())
_PLACEHOLDER_DOMAINS = frozenset(table.PLACEHOLDER_DOMAINS.split())


def find_email(text: str) -> str | None:
    """The first address that can be one, its domain in lower case; "name@example" and its like are none."""
    plain = text[:MAX_CHARS].replace("\uff20", "@")
    at = plain.find("@")
    while at != -1:
        local, domain = _LOCAL_END.search(plain, max(0, at - 64), at), _DOMAIN_START.match(plain, at + 1)
        if local and domain:
            address = _address(local[0].lstrip("._%+'-"), domain[0].rstrip(".-").lower())
            if address:
                return address
        at = plain.find("@", at + 1)
    return None


def _address(local: str, domain: str) -> str | None:
    labels = domain.split(".")
    if ".." in local or not _LOCAL.fullmatch(local) or len(labels) < 2 or len(domain) > 253:
        return None
    if not all(_LABEL.fullmatch(label) for label in labels) or not (labels[-1].isalpha() and len(labels[-1]) > 1):
        return None
    if local.lower() in _PLACEHOLDER_LOCALS and labels[0] in _PLACEHOLDER_DOMAINS:
        return None
    return f"{local}@{domain}"


def find_phone(text: str, *, region: str | None) -> str | None:
    """The first valid number as E.164. `region` (two letters) reads numbers that were written without a country code."""
    known = region.upper() if region else None
    if known not in phonenumbers.SUPPORTED_REGIONS:
        known = None
    matcher = phonenumbers.PhoneNumberMatcher(text[:MAX_CHARS], known, max_tries=_PHONE_TRIES)
    for match in matcher:
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def guess_timezone(phone: str | None, *, default: str) -> tuple[str, bool]:
    """The zone that goes with a number, and whether it is certain: a number may belong to several zones."""
    try:
        number = phonenumbers.parse(phone or "")
    except phonenumbers.NumberParseException:
        return default, False
    region = phonenumbers.region_code_for_number(number)
    if region in ONE_ZONE:
        return ONE_ZONE[region], True
    zones = [SAME_ZONES.get(zone, zone) for zone in phone_timezones.time_zones_for_number(number)]
    zones = [zone for zone in dict.fromkeys(zones) if zone != "Etc/Unknown"]
    if len(zones) == 1:
        return zones[0], True
    if not zones or default in zones:
        return default, False
    region = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    likely = (HOME_ZONES.get(region or ""), *LARGER_ZONES)
    return next((zone for zone in likely if zone in zones), zones[0]), False


@cache
def _leads(listed: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(word.text for word in words(entry)) for entry in entries(listed))


def _led(spoken: Sequence[Word], listed: str) -> list[tuple[int, tuple[str, ...]]]:
    """Places behind a lead, with the lead; the longest lead first at each place."""
    leads = _leads(listed)
    longest = max(len(lead) for lead in leads)
    found: list[tuple[int, tuple[str, ...]]] = []
    for first in range(len(spoken)):
        for length in range(longest, 0, -1):
            said = tuple(word.text for word in spoken[first : first + length])
            if len(said) == length and said in leads:
                found.append((first + length, said))
                break
    return found


def find_name(text: str, *, expected: bool = False) -> str | None:
    """The name that someone gives; a bare answer ("Ana Silva") counts only where a name was asked for."""
    spoken, loose = words(text), _leads(table.LOOSE_LEADS)
    for start, lead in _led(spoken, table.NAME_LEADS):
        name = _name_at(text, spoken, start, capitals=lead in loose and not expected)
        if name:
            return name
    return _name_at(text, spoken, 0, capitals=False, whole=True) if expected else None


def _name_at(text: str, spoken: Sequence[Word], start: int, *, capitals: bool, whole: bool = False) -> str | None:
    place = start
    while (
        place < len(spoken)
        and place - start < (_MAX_FULL_NAME if whole else _MAX_NAME_WORDS)
        and _in_name(text, spoken, place, start, capitals=capitals, bare=whole)
    ):
        place += 1
    if place == start or (whole and not _stands_alone(text, spoken, place)):
        return None
    name = fold(text).quote(spoken[start].start, spoken[place - 1].end)
    return name.title() if name.islower() else name


def _stands_alone(text: str, spoken: Sequence[Word], end: int) -> bool:
    """A bare answer of one to three words, or of more that are written as names are, with nothing behind it but what a comma or
    a line parts off."""
    written = all(_is_written_as_name(text, word) for word in spoken[:end])
    short = end < _MAX_NAME_WORDS or written or _is_arabic_name(spoken[:end])
    return short and (end == len(spoken) or spoken[end].breaks > 0)


def _is_arabic_name(spoken: Sequence[Word]) -> bool:
    said = [word.text for word in spoken]
    return (said[0] in _ARABIC_GIVEN or bool(_ARABIC_JOINTS.intersection(said))) and not STOP_WORDS.intersection(
        set(said) - _ARABIC_GIVEN
    )


def _is_written_as_name(text: str, word: Word) -> bool:
    return word.text in _PARTICLES | {"de"} or fold(text).quote(word.start, word.end)[0].isupper()


def _in_name(text: str, spoken: Sequence[Word], place: int, start: int, *, capitals: bool, bare: bool = False) -> bool:
    word = spoken[place]
    behind = place > start and (_is_written_as_name(text, word) or (bare and place > start + 1))
    surname = behind and word.text in _ALSO_NAMES
    if (
        (word.text in _NO_NAMES and not surname)
        or (place > start and (word.breaks or word.text in _NAME_ENDS))
        or (place == start and word.breaks == 2)
    ):
        particle = word.text in _PARTICLES or (word.text == "de" and place == start + 1)
        return place > start and particle and _name_goes_on(text, spoken, place)
    if place == start and word.text in _NAME_ENDS:
        return False
    written = fold(text).quote(word.start, word.end)
    possessive = written.endswith(("'s", "’s"))  # "I'm Ana's assistant"
    if not written[0].isalpha() or possessive or any(map(str.isdigit, written)) or _next_to_at(text, word):
        return False
    return not capitals or _is_capital(written)


def _name_goes_on(text: str, spoken: Sequence[Word], place: int) -> bool:
    """A particle inside a name ("Ana de Souza") is followed by a capital, with no comma between."""
    if spoken[place].breaks or place + 1 >= len(spoken) or spoken[place + 1].breaks:
        return False
    following = spoken[place + 1]
    return _is_capital(fold(text).quote(following.start, following.end))


def _next_to_at(text: str, word: Word) -> bool:
    folded = fold(text).text
    return "@" in (folded[word.end : word.end + 1], folded[max(0, word.start - 1) : word.start])


def _is_capital(written: str) -> bool:
    """Written with a capital, or in a script that has none."""
    return written[0].isupper() or written[0].lower() == written[0].upper()


def find_company(text: str) -> str | None:
    """The company that someone names: by what stands in front of it, or by a legal form behind ("Acme GmbH")."""
    spoken = words(text)
    loose = _leads(table.LOOSE_COMPANY_LEADS)
    for start, lead in _led(spoken, table.COMPANY_LEADS):
        before = start - len(lead) - 1
        named = before >= 0 and _is_capital(fold(text).quote(spoken[before].start, spoken[before].end))
        company = _company_at(text, spoken, start)
        if company and (lead not in loose or named or words(company)[-1].text in _COMPANY_SUFFIXES):
            return company
    return _by_legal_form(text, spoken)


def _company_at(text: str, spoken: Sequence[Word], start: int) -> str | None:
    while start + 1 < len(spoken) and spoken[start].text in _ARTICLES and not spoken[start + 1].breaks:
        start += 1
    place = start
    while place < len(spoken) and place - start < _MAX_NAME_WORDS + 1:
        word = spoken[place]
        ends = place > start and (word.breaks or word.text in _COMPANY_ENDS)
        legal = word.text in _COMPANY_SUFFIXES and place > start and word.breaks < 2
        if not legal and (ends or not _in_company(text, word, first=place == start)):
            break
        place += 1
    return fold(text).quote(spoken[start].start, spoken[place - 1].end) if place > start else None


def _in_company(text: str, word: Word, *, first: bool) -> bool:
    if first and (word.text in _NO_COMPANIES or word.breaks == 2 or word.text in _NAME_ENDS):
        return False
    written = fold(text).quote(word.start, word.end)
    return (_is_capital(written) and written[0].isalnum() and not (first and written.isdigit())) or (
        not first and written == "&"
    )


def _by_legal_form(text: str, spoken: Sequence[Word]) -> str | None:
    for place, word in enumerate(spoken):
        if place == 0 or word.text not in _COMPANY_SUFFIXES or not fold(text).quote(word.start, word.end)[0].isupper():
            continue
        start = place
        while (
            start > 0
            and place - start < _MAX_NAME_WORDS
            and spoken[start].breaks < 2
            and _in_company(text, spoken[start - 1], first=True)
        ):
            start -= 1
        if start < place:
            return fold(text).quote(spoken[start].start, word.end)
    return None
