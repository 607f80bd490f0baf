"""From a lead's words to the start that Calendly holds: the instant is the one that an oracle of its own works out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.integration.clocked import ClockedWorld, open_clocked
from tests.integration.test_conversation import text_of
from tests.unit.pipewise.language.dates.oracle import instants

# A Thursday; on Sunday the clocks of Europe go back, a week later those of America.
NOW = datetime(2027, 10, 28, 7, 0, tzinfo=UTC)
MONDAY, NEXT_MONDAY, NEXT_TUESDAY = date(2027, 11, 1), date(2027, 11, 8), date(2027, 11, 9)


@dataclass(frozen=True)
class Said:
    """`minute` is that of the day on the lead's wall; `pick` names the same time again, of what was offered."""

    phone: str
    zone: str
    asks: str
    day: date
    minute: int
    pick: str


SAID = (
    Said("12125550134", "America/New_York", "Schedule a demo on November 8th at 10:30 am", NEXT_MONDAY, 630, "10:30 am"),
    Said("12125550135", "America/New_York", "Can we book a demo next Monday at 11am", MONDAY, 660, "Nov 1 at 11am"),
    Said("5511987654321", "America/Sao_Paulo", "Quero marcar uma demo dia 1 de novembro às 11h30", MONDAY, 690, "às 11h30"),
    Said("19075550134", "America/Anchorage", "I'd like to book a demo, November 1 at 8 am", MONDAY, 480, "8 am"),
    Said("56961234567", "America/Santiago", "Quiero agendar una demo el 8 de noviembre a las 11 y media", NEXT_MONDAY, 690, "a las 11:30"),
    Said("447911123456", "Europe/London", "Book a demo on Monday at half past four please", MONDAY, 990, "half past four"),
    Said("4915112345678", "Europe/Berlin", "Ich möchte eine Demo buchen, am 1. November um halb drei", MONDAY, 870, "um halb drei"),
    Said("201001234567", "Africa/Cairo", "أريد حجز عرض يوم ٨ نوفمبر الساعة ٤ مساءً", NEXT_MONDAY, 960, "الساعة ٤ مساءً"),
    Said("212612345678", "Africa/Casablanca", "Je voudrais réserver une démo lundi à 15h", MONDAY, 900, "à 15h"),
    Said("966501234567", "Asia/Riyadh", "أريد حجز موعد يوم ١ نوفمبر الساعة الثالثة والنصف", MONDAY, 930, "الساعة 3:30"),
    Said("919812345678", "Asia/Kolkata", "मुझे 1 नवंबर को शाम साढ़े चार बजे डेमो बुक करना है", MONDAY, 990, "साढ़े चार बजे"),
    Said("61291234567", "Australia/Sydney", "Please book a demo on 9 November at 8pm", NEXT_TUESDAY, 1200, "8pm"),
)  # fmt: skip


async def talk(clocked: ClockedWorld, said: Said, before: int, email: str) -> str:
    """What was offered; then the lead picks and gives an address."""
    world = clocked.world
    await world.lead_says(said.asks, sender=said.phone)
    offer = text_of((await world.until_sends(before + 1))[-1])
    clocked.advance(seconds=10)  # WhatsApp takes one message to a person in six seconds
    await world.lead_says(said.pick, sender=said.phone)
    await world.until_sends(before + 2)
    clocked.advance(seconds=10)
    await world.lead_says(email, sender=said.phone)
    await world.until_sends(before + 3)
    clocked.advance(minutes=1)  # Calendly takes ten bookings a minute
    return offer


async def test_what_the_lead_says_is_what_calendly_holds(tmp_path: Path) -> None:
    booked: dict[Said, list[datetime]] = {}
    async with open_clocked(tmp_path, NOW) as clocked:
        for number, said in enumerate(SAID):
            email = f"lead{number}@silva.example"
            offer = await talk(clocked, said, 3 * number, email)
            assert said.zone in offer, offer
            rows = await clocked.world.ledger("calendly", "booking")
            booked[said] = [
                datetime.fromisoformat(row["detail"]["start_time"]) for row in rows if email in str(row["detail"])
            ]
            assert booked[said] == instants(said.day, said.minute, ZoneInfo(said.zone)), (said, offer)
    assert len(booked) == len(SAID)
    offsets = {start.astimezone(ZoneInfo(said.zone)).utcoffset() for said, [start] in booked.items()}
    assert timedelta(hours=5, minutes=30) in offsets
