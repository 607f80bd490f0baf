"""What a reply claims: times, links and bookings, in every language."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipewise.language.detect import LANGUAGES
from pipewise.language.links import host_of
from pipewise.language.phrases import KEYS, format_day, format_slot, say
from pipewise.language.reply_check import claims_booking, find_times, find_urls, time_problems

LISBON = "Europe/Lisbon"
ZONE = ZoneInfo(LISBON)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)  # a Monday
ALLOWED = (
    datetime(2026, 11, 24, 9, 30, tzinfo=ZONE),  # Tuesday
    datetime(2026, 11, 26, 15, 0, tzinfo=ZONE),  # Thursday
    datetime(2026, 12, 3, 11, 0, tzinfo=ZONE),  # Thursday a week later
)
HONEST = (
    "Tuesday at 9:30 or Thursday at 3pm",
    "Here are times:\n1. Tue 24 Nov, 09:30\n2. Thu 26 Nov, 15:00",
    "15:00 on Thursday and 9.30 am on Tuesday",
    "tomorrow at 9:30",
    "Tuesday is free",
    "Is Monday better?",
    "3 pm on Friday is taken, but 15:00 on Thursday works",
    "I'm sorry, nothing is free on Friday.",
    "The demo takes 30 minutes",
    "24/7 support for 15 users",
    "in UTC+5:30 that is fine",
    "It costs 9.30 a month",
    "Follow https://example.com/meet/16:45/3pm",
    "I'll note that: Monday 7 December.",
    "el jueves a las 15:00",
    "Donnerstag um 15 Uhr",
    "le 3 décembre à 11h",
    "quinta às 15h",
    "giovedì alle 15",
    "गुरुवार को 3 बजे",
    "الخميس الساعة 3 مساء",
    "",
)
INVENTED = {
    "Tuesday 3 pm is free": ["Tuesday 3 pm"],
    "you can have 10:00": ["10:00"],
    "15:00 on Friday": ["15:00 on Friday"],
    "Thursday 27 Nov at 15:00": ["Thursday 27 Nov at 15:00"],
    "Friday 26 Nov at 15:00": ["Friday 26 Nov at 15:00"],
    "tomorrow at 10:30": ["tomorrow at 10:30"],
    "I have Wednesday free": ["Wednesday"],
    "We can meet on 5 December": ["5 December"],
    "Would half past four work?": ["half past four"],
    "We are open from 9:00 to 18:00": ["9:00", "18:00"],
    "el viernes a las 15:00": ["viernes a las 15:00"],
    "Freitag um 15 Uhr": ["Freitag um 15 Uhr"],
    "um halb vier": ["halb vier"],
    "le 4 décembre à 11h": ["4 décembre à 11h"],
    "sexta às 15h": ["sexta às 15h"],
    "venerdì alle 15": ["venerdì alle 15"],
    "शुक्रवार को 3 बजे": ["शुक्रवार को 3 बजे"],
    "الجمعة الساعة 3 مساء": ["الجمعة الساعة 3 مساء"],
}


@pytest.mark.parametrize("text", HONEST)
def test_honest_times_pass(text: str) -> None:
    assert time_problems(text, allowed=ALLOWED, timezone=LISBON, now=NOW) == []


@pytest.mark.parametrize("text", list(INVENTED))
def test_invented_times_are_named(text: str) -> None:
    assert time_problems(text, allowed=ALLOWED, timezone=LISBON, now=NOW) == INVENTED[text]


def test_nothing_is_allowed_when_nothing_was_offered() -> None:
    assert time_problems("Thursday at 15:00", allowed=(), timezone=LISBON, now=NOW) == ["Thursday at 15:00"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("zone", [LISBON, "Asia/Kolkata", "America/New_York"])
@pytest.mark.parametrize("start", ALLOWED)
def test_our_own_way_of_writing_times_is_read_back(language: str, zone: str, start: datetime) -> None:
    slot = format_slot(start, language=language, timezone=zone)
    assert time_problems(slot, allowed=[start], timezone=zone, now=NOW) == []
    assert time_problems(slot, allowed=[start + timedelta(hours=1)], timezone=zone, now=NOW)
    assert time_problems(slot, allowed=[start + timedelta(days=1)], timezone=zone, now=NOW)
    day = "free " + format_day(start, language=language, timezone=zone)
    assert time_problems(day, allowed=[start], timezone=zone, now=NOW) == []
    assert time_problems(day, allowed=[start + timedelta(days=1)], timezone=zone, now=NOW)


VALUES = {
    "company": "Acme",
    "timezone": "Europe/Lisbon, UTC+0",
    "name": "Ana",
    "email": "ana@example.com",
    "url": "https://example.com/x",
    "reference": "R1",
    "number": "1",
    "reschedule": "https://example.com/r/3pm",
    "cancel": "https://example.com/c",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_our_own_phrases_pass_their_own_check(key: str, language: str) -> None:
    when = format_slot(ALLOWED[1], language=language, timezone=LISBON)
    text = say(key, language, when=when, **VALUES)
    assert time_problems(text, allowed=ALLOWED[1:2], timezone=LISBON, now=NOW) == []
    assert claims_booking(text) is (key == "confirm_booked")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_to_come_back_on_a_day_offers_no_time(language: str) -> None:
    text = say("follow_up_ack", language, when=format_day(ALLOWED[1], language=language, timezone=LISBON))
    assert time_problems(text, allowed=(), timezone=LISBON, now=NOW) == []


def test_find_times_binds_the_day() -> None:
    first, second = find_times("Thursday 3 December at 3pm\nor at 16:30", timezone=LISBON, now=NOW)
    assert (first.start, first.times) == (ALLOWED[2].date(), (time(15),))
    assert (second.start, second.times) == (None, (time(16, 30),))
    assert first.quote == "Thursday 3 December at 3pm"


@pytest.mark.parametrize(
    "text",
    [
        "You're booked for Thursday at 3pm",
        "Your demo is confirmed.",
        "Great, I've scheduled it for Thursday",
        "All set for Thursday!",
        "Booked!",
        "your call has been scheduled",
        "See you on Thursday at 3",
        "I've put you down for Thursday",
        "I have reserved Thursday 15:00 for you",
        "The calendar invite is on its way",
        "Su cita está confirmada",
        "He reservado su cita",
        "A sua reunião está marcada",
        "Votre rendez-vous est confirmé",
        "Ihr Termin ist gebucht",
        "Il suo appuntamento è confermato",
        "आपकी मीटिंग बुक हो गई है",
        "aapki meeting book ho gayi hai",
        "تم حجز موعدك",
    ],
)
def test_claims_a_booking(text: str) -> None:
    assert claims_booking(text)


@pytest.mark.parametrize(
    "text",
    [
        "Would you like me to book it?",
        "Once you're booked you get an email",
        "I can book Thursday for you",
        "It isn't booked yet",
        "Shall I confirm?",
        "You can pick a time here",
        "No meeting has been booked",
        "when your meeting is confirmed you'll get a link",
        "I have not booked anything",
        "Is your meeting confirmed?",
        "Do you want to schedule a call?",
        "Let me know and I'll get it scheduled",
        "Thursday is fully booked",
        "¿Quiere que lo reserve?",
        "Soll ich buchen?",
        "Posso marcar para quinta?",
        "Je peux réserver jeudi",
        "क्या मैं बुक कर दूँ?",
        "هل أحجز لك موعداً؟",
        "",
    ],
)
def test_claims_no_booking(text: str) -> None:
    assert not claims_booking(text)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://calendly.com/a/b?x=1).", ["https://calendly.com/a/b?x=1"]),
        ("visit calendly.com/ana", ["https://calendly.com/ana"]),
        ("www.foo.com and EVIL.COM.", ["https://www.foo.com", "https://EVIL.COM"]),
        ("https://good.com@evil.com/x", ["https://good.com@evil.com/x"]),
        ("good.com:evil@bad.com/a", ["https://good.com:evil@bad.com/a"]),
        ("hxxps://evil[.]com/a", ["https://evil.com/a"]),
        ("https:\\\\evil.com\\a", ["https://evil.com/a"]),
        ("[link](https://x.y/z)", ["https://x.y/z"]),
        ("//evil.com/x", ["https://evil.com/x"]),
        ("пример.рф", ["https://пример.рф"]),
        ("10.0.0.1/a", ["https://10.0.0.1/a"]),
        ("javascript:alert(1)", ["javascript:alert(1"]),
        ("mail ana@acme.io, price 3.50, e.g. this, report.pdf", []),
        ("Sure.Let me check. 1.Tue 2.Wed", []),
    ],
)
def test_find_urls(text: str, urls: list[str]) -> None:
    assert find_urls(text) == urls


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://good.com@evil.com/x", "evil.com"),
        ("https://EVIL.com:8443/x", "evil.com"),
        ("https://calendly.com./a", "calendly.com"),
        ("mailto:a@b.c", ""),
        ("https://[bad", ""),
    ],
)
def test_host_of(url: str, host: str) -> None:
    assert host_of(url) == host
