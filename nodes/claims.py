"""What a draft claims, against what is true: nothing leaves that code cannot justify."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from graph.state import LeadState
from nodes.sources import quoted_in
from pipewise.language.characters import hides_text, is_of_other_script, mixes_alphabets
from pipewise.language.detect import detect_language
from pipewise.language.reply_check import claims_booking, find_times, find_urls, time_problems

LONGEST_REPLY = 850  # with the disclosure behind it, it still fits the body of a message with buttons
LANGUAGE_SAMPLE = 40
SECRET_SAMPLE = 30
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_SENTENCE_END = re.compile(r"(?<=[.:;?])\s|\n|`|\{\w+\}")
_INTERNAL = re.compile(r"<\W?context|\b(?:slot|type)_\d+\b|\b[a-z]{2,}(?:_[a-z]{2,}){2,}\b")


def reply_problems(state: LeadState, draft: str, *, secrets: frozenset[str]) -> list[str]:
    """Why a draft must not leave; empty if it may."""
    return [*_untrue(state, draft), *_missing(state, draft), *_unfit(state, draft, secrets)]


def prompt_sentences(*prompts: str) -> frozenset[str]:
    """The sentences of our instructions that are long enough to be told from anybody's words."""
    pieces = (piece.strip("-# ") for prompt in prompts for piece in _SENTENCE_END.split(prompt))
    return frozenset(piece for piece in pieces if len(piece) >= SECRET_SAMPLE)


def _untrue(state: LeadState, draft: str) -> list[str]:
    zone, now = _clock_of(state)
    problems: list[str] = time_problems(draft, allowed=_allowed_times(state), timezone=zone, now=now)
    if claims_booking(draft) and not _is_booked(state):
        problems.append("it says that a meeting is booked, and none is")
    if [url for url in find_urls(draft) if url not in _allowed_urls(state)]:
        problems.append("it holds a link that no function gave")
    if [address for address in _EMAIL.findall(_without_links(draft)) if address.casefold() not in _addresses(state)]:
        problems.append("it holds an e-mail address that is not the lead's")
    return problems


def _missing(state: LeadState, draft: str) -> list[str]:
    """What the lead needs of the outcome: every offered time, the booked one, their zone, the link."""
    outcome = state["outcome"] or {}
    zone, now = _clock_of(state)
    problems = []
    due = [slot["start"] for slot in outcome.get("slots", ())]
    due += [outcome["start"]] if outcome.get("kind") == "booked" else []
    said = find_times(draft, timezone=zone, now=now)
    local = [datetime.fromisoformat(start).astimezone(ZoneInfo(zone)) for start in due]
    if not all(any(mention.fits(start) for mention in said) for start in local):
        problems.append("it does not tell every time that was offered or booked")
    if due and not any(name.casefold() in draft.casefold() for name in _names_of(zone)):
        problems.append(f"it does not tell the time zone, {zone}")
    if outcome.get("kind") in {"link", "fallback"} and outcome["url"] and outcome["url"] not in draft:
        problems.append(f"it does not give the link {outcome['url']}")
    return problems


def _unfit(state: LeadState, draft: str, secrets: frozenset[str]) -> list[str]:
    problems = []
    plain = _without_links(draft)
    if len(draft) > LONGEST_REPLY:
        problems.append(f"it is longer than {LONGEST_REPLY} characters")
    if hides_text(draft) or mixes_alphabets(draft):
        problems.append("it holds characters that cannot be seen or only look like letters")
    if _INTERNAL.search(plain) or any(line in draft for line in secrets):
        problems.append("it tells how this system works inside")
    language = state["language"]
    heard = detect_language(draft, default=language) if len(draft) >= LANGUAGE_SAMPLE else language
    if heard != language or is_of_other_script(plain, language):
        problems.append(f"it is not in the lead's language ({language})")
    return problems


def _clock_of(state: LeadState) -> tuple[str, datetime]:
    zone = (state["outcome"] or {}).get("timezone") or state["lead"]["timezone"] or "UTC"
    return zone, datetime.fromisoformat(state["now"])


def _names_of(zone: str) -> tuple[str, ...]:
    return (zone, zone.rsplit("/", 1)[-1].replace("_", " "))


def _allowed_times(state: LeadState) -> list[datetime]:
    """Times that the vendor gave in this turn, or that are booked."""
    outcome = state["outcome"] or {}
    times = [slot["start"] for slot in outcome.get("slots", ())]
    times += [outcome[name] for name in ("start", "end") if outcome.get(name)]
    meeting = state["lead"]["meeting"]
    if meeting:
        times += [meeting[name] for name in ("start_time", "end_time") if meeting[name]]
    return [datetime.fromisoformat(time) for time in times]


def _is_booked(state: LeadState) -> bool:
    """By this turn; or before it, where this turn was about nothing else."""
    outcome, meeting = state["outcome"], state["lead"]["meeting"]
    if outcome:
        return outcome["kind"] in {"booked", "change"}
    return bool(meeting and meeting["status"] == "scheduled")


def _allowed_urls(state: LeadState) -> set[str]:
    outcome: dict[str, Any] = state["outcome"] or {}
    written = find_urls(_written(state))
    return {*written} | {outcome[name] for name in ("url", "join_url", "reschedule", "cancel") if outcome.get(name)}


def _addresses(state: LeadState) -> set[str]:
    known = (state["lead"]["email"], state["lead_values"].get("email"), (state["outcome"] or {}).get("email"))
    return {address.casefold() for address in (*known, *_EMAIL.findall(_written(state))) if address}


def _written(state: LeadState) -> str:
    """The documents that this turn answers from."""
    told = quoted_in(state)
    return "\n".join(source["text"] for source in told["sources"]) if told else ""


def _without_links(draft: str) -> str:
    return " ".join(piece for piece in draft.split() if "://" not in piece)
