"""From an outcome to words: the text that code can justify, used by the offline model and in place of a reply that failed its check."""

from collections.abc import Mapping
from typing import Any

from pipewise.events import Choice, Link, OutboundMessage
from pipewise.language.phrases import say


def render_outcome(outcome: Mapping[str, Any], language: str) -> str:
    """The reply text for a scheduling outcome."""
    match outcome["kind"]:
        case "offer":
            return _render_offer(outcome, language)
        case "need":
            return say(f"ask_{outcome['what']}", language)
        case "booked":
            return _render_booked(outcome, language)
        case "uncertain":
            return say("booking_uncertain", language, when=outcome["when"], timezone=outcome["timezone_label"])
        case "preview":
            return say("preview_booking", language, when=outcome["when"], timezone=outcome["timezone_label"])
        case "link":
            return say("link_offer", language, url=outcome["url"])
        case "change":
            return _render_change(outcome, language)
        case "fallback" if outcome["url"]:
            return say("fallback_link", language, url=outcome["url"])
        case "fallback":
            return say("fallback_no_link", language)
        case _:
            return say("clarify", language)


def render_inquiry(
    language: str, question: str, verdict: str | None, quote: str = "", *, passed_on: bool = False
) -> str:
    """The reply to a question or to something said of the need: what is written down about it, then the one question of ours.
    `passed_on`: a colleague has the lead's question."""
    if verdict == "unqualified":
        return say("unqualified_thanks", language)
    asked = question or say("offer_meeting_soft", language)
    return (
        f"{quote}\n\n{asked}"
        if quote
        else f"{say('colleague_answers' if passed_on else 'inquiry_ack', language)} {asked}"
    )


def outcome_message(outcome: Mapping[str, Any] | None, text: str) -> OutboundMessage:
    """The text with what can be tapped: offered slots as choices, a booking page as a link."""
    if outcome is None:
        return OutboundMessage(text)
    if outcome["kind"] == "offer":
        choices = tuple(Choice(slot["handle"], slot["label"], outcome["timezone_label"]) for slot in outcome["slots"])
        return OutboundMessage(text, choices=choices, choices_label=outcome["title"])
    url = outcome.get("url")
    if outcome["kind"] in {"link", "fallback"} and url and url in text:
        return OutboundMessage(text, link=Link(outcome.get("title") or "Calendly", url))
    return OutboundMessage(text)


def _render_offer(outcome: Mapping[str, Any], language: str) -> str:
    intro = {"taken": "offer_intro_alternatives", "nearest": "offer_none", "change": "change_intro"}
    lines = [say(intro.get(outcome["reason"], "offer_intro"), language, timezone=outcome["timezone_label"])]
    lines += [
        say("slot_label", language, number=str(number), when=slot["label"])
        for number, slot in enumerate(outcome["slots"], 1)
    ]
    return "\n".join([*lines, say("offer_hint", language)])


def _render_booked(outcome: Mapping[str, Any], language: str) -> str:
    lines = [
        say(
            "confirm_booked",
            language,
            name=outcome["title"],
            when=outcome["when"],
            timezone=outcome["timezone_label"],
            email=outcome["email"] or "",
        )
    ]
    if outcome.get("join_url"):
        lines.append(say("confirm_join", language, url=outcome["join_url"]))
    lines.append(say("booking_reference", language, reference=outcome["reference"]))
    return "\n".join(lines)


def _render_change(outcome: Mapping[str, Any], language: str) -> str:
    return say(
        "change_links",
        language,
        when=outcome["when"],
        timezone=outcome["timezone_label"],
        reschedule=outcome["reschedule"],
        cancel=outcome["cancel"],
    )
