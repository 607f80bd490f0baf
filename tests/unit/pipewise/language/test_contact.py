"""E-mail, phone, name, company and zone from what a lead writes."""

from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import phonenumbers
import pytest

from pipewise.language.contact import find_company, find_email, find_name, find_phone, guess_timezone


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("my email is Ana.Silva@Acme.IO.", "Ana.Silva@acme.io"),
        ("ana@example.com", "ana@example.com"),
        ("write to <bob+x@sub.domain.co.uk>, thanks", "bob+x@sub.domain.co.uk"),
        ("(ana@acme.io)", "ana@acme.io"),
        ("mailto:jo@x.de", "jo@x.de"),
        ("e-mail: o'neil@x.ie!", "o'neil@x.ie"),
        ("@@@@a@b.com", "a@b.com"),
        ("ana@acme.io,bob@acme.io", "ana@acme.io"),
        ("मेरा ईमेल ana@acme.io है", "ana@acme.io"),
        ("email@example", None),
        ("name@example.com", None),
        ("your@email.com", None),
        ("@handle", None),
        ("a@b", None),
        ("a..b@x.com", None),
        ("x@-bad.com", None),
        ("ana@acme..com", None),
        ("foo@bar.c", None),
        ("me@1.2.3.4", None),
        ("not an email", None),
    ],
)
def test_find_email(text: str, email: str | None) -> None:
    assert find_email(text) == email


@pytest.mark.parametrize(
    ("text", "region", "phone"),
    [
        ("call me at +351 912 345 678", None, "+351912345678"),
        ("912 345 678", "PT", "+351912345678"),
        ("912 345 678", None, None),
        ("+44 20 7946 0958", None, "+442079460958"),
        ("0151 23456789", "de", "+4915123456789"),
        ("٠٥٠١٢٣٤٥٦٧", "SA", "+966501234567"),
        ("2026-12-03 15:00", "US", None),
        ("12", "US", None),
        ("x", "ZZ", None),
    ],
)
def test_find_phone(text: str, region: str | None, phone: str | None) -> None:
    assert find_phone(text, region=region) == phone


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I'm Ana Silva", "Ana Silva"),
        ("my name is ana silva", "Ana Silva"),
        ("My name's O'Neil", "O'Neil"),
        ("I am Ana from Acme", "Ana"),
        ("this is João de Souza, from Acme", "João de Souza"),
        ("Me llamo José Pérez y quiero una demo", "José Pérez"),
        ("soy Carlos Ruiz de Acme", "Carlos Ruiz"),
        ("sou a Maria", "Maria"),
        ("je m'appelle Chloé Dubois", "Chloé Dubois"),
        ("ich heiße Jürgen Groß", "Jürgen Groß"),
        ("Mi chiamo Luca Bianchi", "Luca Bianchi"),
        ("मेरा नाम राहुल शर्मा है", "राहुल शर्मा"),
        ("mera naam Rahul hai", "Rahul"),
        ("اسمي أحمد علي", "أحمد علي"),
        ("I'm interested in a demo", None),
        ("I'm looking for a crm", None),
        ("I'm from Acme", None),
        ("Im Moment nicht, danke", None),
        ("Ich bin Kunde bei Ihnen", None),
        ("call me ASAP", None),
        ("I'm Ana's assistant", None),
        ("I'm busy today", None),
        ("my name is not important", None),
        ("Ana Silva", None),
        ("", None),
    ],
)
def test_a_name_that_is_given(text: str, name: str | None) -> None:
    assert find_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana Silva", "Ana Silva"),
        ("ana", "Ana"),
        ("Maria da Silva", "Maria da Silva"),
        ("Jean-Luc Picard", "Jean-Luc Picard"),
        ("It's Bob", "Bob"),
        ("Ana Silva, ana@x.com", "Ana Silva"),
        ("yes", None),
        ("2", None),
        ("ana@x.com", None),
        ("what for?", None),
        ("Thursday works", None),
        ("none of your business", None),
        ("I don't want to say", None),
        ("I'd like to know the price of your product please", None),
    ],
)
def test_a_name_that_was_asked_for(text: str, name: str | None) -> None:
    assert find_name(text, expected=True) == name


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("I work at Acme Corp and need a demo", "Acme Corp"),
        ("we are Blue Sky GmbH from Berlin", "Blue Sky GmbH"),
        ("my company is Globex", "Globex"),
        ("I'm Ana from Acme", "Acme"),
        ("Initech LLC here", "Initech LLC"),
        ("CEO of Hooli", "Hooli"),
        ("trabajo en Telefónica", "Telefónica"),
        ("somos Pastelería Luna y queremos", "Pastelería Luna"),
        ("minha empresa é a Padaria Sol", "Padaria Sol"),
        ("Ich arbeite bei der Siemens AG", "Siemens AG"),
        ("je travaille chez Renault", "Renault"),
        ("lavoro per Ferrari", "Ferrari"),
        ("हमारी कंपनी का नाम टाटा है", "टाटा"),
        ("أعمل في شركة النور", "النور"),
        ("we are a small agency", None),
        ("we're looking for a tool", None),
        ("We are 20 people", None),
        ("I'm from Portugal and want a demo", None),
        ("are you free from Monday?", None),
        ("hello", None),
    ],
)
def test_find_company(text: str, company: str | None) -> None:
    assert find_company(text) == company


@pytest.mark.parametrize(
    ("phone", "default", "zone", "certain"),
    [
        ("+12127365000", "Europe/Lisbon", "America/New_York", True),
        ("+5511912345678", "UTC", "America/Sao_Paulo", True),
        ("+919876543210", "UTC", "Asia/Kolkata", True),
        ("+447911123456", "UTC", "Europe/London", True),  # its four zones are one clock
        ("+351912345678", "Atlantic/Azores", "Atlantic/Azores", False),
        ("+351912345678", "Europe/Madrid", "Europe/Lisbon", False),
        ("+61412345678", "UTC", "Australia/Sydney", False),
        ("+18005550123", "Europe/Rome", "America/New_York", False),
        ("not a number", "Asia/Tokyo", "Asia/Tokyo", False),
        ("912 345 678", "Asia/Tokyo", "Asia/Tokyo", False),
        (None, "UTC", "UTC", False),
    ],
)
def test_guess_timezone(phone: str | None, default: str, zone: str, certain: bool) -> None:
    assert guess_timezone(phone, default=default) == (zone, certain)


@pytest.mark.parametrize(
    "name", ["Maria João Dias", "Leonard Price", "Hans Peter Freitag", "Ana Maria da Silva Santos", "O'Neill"]
)
def test_a_surname_may_be_a_word_of_courtesy_or_a_day(name: str) -> None:
    assert find_name(name, expected=True) == name
    assert find_name(f"{name}, mail follows", expected=True) == name


@pytest.mark.parametrize(
    "name",
    ["محمد أحمد علي حسن", "عبد الله بن محمد", "عبد الرحمن محمد الفهد", "نور الدين عبد الله", "فاطمة الزهراء محمد علي"],
)
def test_an_arabic_name_may_have_four_words(name: str) -> None:
    assert find_name(name, expected=True) == name


@pytest.mark.parametrize(
    "text",
    [
        "أريد أن أعرف السعر",
        "نحتاج نظاما لإدارة العملاء",
        "سوف أرسل بريدي لاحقا",
        "أرسلوا لي عرض السعر",
        "محمد يريد أن يعرف السعر",
    ],
)
def test_an_arabic_sentence_of_four_words_is_no_name(text: str) -> None:
    assert find_name(text, expected=True) is None


def test_without_capitals_a_third_word_may_be_one() -> None:
    assert find_name("maria joão dias", expected=True) == "Maria João Dias"


@pytest.mark.parametrize(
    "text", ["Bom dia", "Buenos días", "Guten Morgen", "I would like to know the price", "não sei"]
)
def test_a_greeting_or_a_sentence_is_no_name(text: str) -> None:
    assert find_name(text, expected=True) is None


ELSEWHERE = frozenset(("AC", "TA", "XK"))  # not in the table of zones
SHARED = frozenset(("CC", "CX"))  # islands with the numbers of Australia


def _clock(zone: str) -> tuple[object, ...]:
    return tuple(datetime(2027, month, 15, 12, tzinfo=ZoneInfo(zone)).utcoffset() for month in range(1, 13))


def test_a_mobile_number_of_any_country_gives_a_clock_of_that_country() -> None:
    """By the table that comes with the zones themselves."""
    zones: dict[str, set[tuple[object, ...]]] = {}
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text()
    for line in table.splitlines():
        if not line.startswith("#"):
            zones.setdefault(line.split("\t")[0], set()).add(_clock(line.split("\t")[2]))
    wrong = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS - ELSEWHERE - SHARED):
        number = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        zone, _ = guess_timezone(written, default="Etc/UTC")
        if _clock(zone) not in zones[region]:
            wrong[region] = zone
    assert not wrong
    assert len(zones) > 200


@pytest.mark.parametrize(
    ("phone", "zone"), [("+19075550134", "America/Anchorage"), ("+18005550134", "America/New_York")]
)
def test_of_several_zones_the_one_where_most_people_live_is_taken(phone: str, zone: str) -> None:
    assert guess_timezone(phone, default="Etc/UTC") == (zone, False)
