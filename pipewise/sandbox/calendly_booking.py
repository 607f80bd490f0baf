"""What `POST /invitees` checks, in the order and with the wording of the refusals seen from Calendly."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipewise.sandbox.answers import VendorRefusalError
from pipewise.sandbox.calendly_answers import TRACKING_KEYS, detail, invalid
from pipewise.sandbox.calendly_event_types import KINDS_WITH_DETAIL, EventType

Json = dict[str, Any]

EMAIL = re.compile(r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]{2,}$")
PHONE = re.compile(r"^\+[1-9]\d{6,14}$")
MAX_GUESTS = 10
MAX_TRACKING_LENGTH = 255
LOCATION_REQUIRED = (
    "location.location is required when location.kind is 'outbound_call', 'ask_invitee', 'physical' or 'custom'"
)
KIND_NOT_CONFIGURED = "Specified location kind is not configured for this event type."
QUESTIONS_REQUIRED = "Required Questions and Answers cannot be blank."


def is_email(value: object) -> bool:
    return isinstance(value, str) and EMAIL.match(value) is not None


def is_phone(value: object) -> bool:
    return isinstance(value, str) and PHONE.match(re.sub(r"[\s().-]", "", value)) is not None


def is_iana_zone(value: object) -> bool:
    """Area and place, or UTC. The old abbreviations in the tz database (`EST`, `CET`) are refused like any other."""
    if value == "UTC":
        return True
    if not isinstance(value, str) or "/" not in value or value.startswith(("posix/", "right/")):
        return False
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_start(value: object, now: datetime) -> datetime:
    """A UTC time. The past is refused here; whether the slot is open is asked of the calendar."""
    try:
        start = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        start = None
    if start is None or start.tzinfo is None:
        raise invalid(detail("start_time", "is not a valid UTC time"))
    if start <= now:
        raise invalid(detail("start_time", "start_time must be in the future"))
    return start.astimezone(UTC)


def check_invitee(value: object) -> Json:
    """Returns the invitee with `name`, `first_name`, `last_name` filled the way Calendly answers them."""
    if not isinstance(value, dict):
        raise invalid(detail("invitee", "is missing"))
    problems = invitee_problems(value)
    if problems:
        raise invalid(*problems)
    first, last = value.get("first_name"), value.get("last_name")
    if value.get("name"):
        first = last = None
    name = value.get("name") or " ".join(part for part in (first, last) if part)
    reminder = value.get("text_reminder_number")
    return {**value, "name": name, "first_name": first, "last_name": last, "text_reminder_number": reminder}


def invitee_problems(value: Json) -> list[Json]:
    problems = []
    if not is_email(value.get("email")):
        problems.append(detail("invitee.email", "is not a valid email" if value.get("email") else "is missing"))
    zone = value.get("timezone")
    if not zone:
        problems.append(detail("invitee.timezone", "is missing"))
    elif not is_iana_zone(zone):
        problems.append(detail("invitee.timezone", "is not a valid IANA time zone"))
    if not filled(value.get("name")) and not filled(value.get("first_name")):
        problems.append(detail("invitee", "either name or first_name must be filled"))
    if value.get("text_reminder_number") is not None and not is_phone(value["text_reminder_number"]):
        problems.append(detail("invitee.text_reminder_number", "is not a valid phone number"))
    return problems


def filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def check_location(event_type: EventType, value: object) -> Json | None:
    configured = event_type.locations
    if value is None and not configured:
        return None
    if not isinstance(value, dict) or not filled(value.get("kind")):
        raise wrong_location("kind")
    choices = [place for place in configured if place["kind"] == value["kind"]]
    if not choices:
        raise wrong_location("kind")
    place = value.get("location")
    if value["kind"] not in KINDS_WITH_DETAIL:
        if place is not None:
            raise wrong_location("location")
        return dict(choices[0])
    if not filled(place):
        raise invalid(message=LOCATION_REQUIRED)
    return chosen_place(choices, value["kind"], str(place))


def chosen_place(choices: list[Json], kind: str, place: str) -> Json:
    """An address must be one of the configured ones; a call needs a number that can be dialled."""
    if kind == "outbound_call" and not is_phone(place):
        raise wrong_location("location")
    fixed = [choice for choice in choices if choice.get("location")]
    match = next((choice for choice in fixed if choice["location"] == place), None)
    if fixed and match is None:
        raise wrong_location("location")
    return {**(match or {}), "kind": kind, "location": place}


def wrong_location(part: str) -> VendorRefusalError:
    # Error paths speak of a location configuration although the request's key is `location`.
    parameter = f"event.location_configuration.{part}"
    return invalid(detail(parameter, "invalid location choice", "invalid_location_choice"), message=KIND_NOT_CONFIGURED)


def check_answers(event_type: EventType, value: object) -> list[Json]:
    answers = [] if value is None else value
    if not isinstance(answers, list) or not all(isinstance(item, dict) for item in answers):
        raise invalid(detail("questions_and_answers", "must be a list of objects"))
    asked = {question["name"]: question for question in event_type.questions if question["enabled"]}
    answered = {item.get("question") for item in answers if filled(item.get("answer"))}
    blank = any(not filled(item.get("answer")) for item in answers)
    if blank or any(question["required"] and name not in answered for name, question in asked.items()):
        raise invalid(message=QUESTIONS_REQUIRED)
    problems = [problem for item in answers if (problem := answer_problem(asked, item))]
    if problems:
        raise invalid(*(detail("questions_and_answers", problem) for problem in problems))
    return [{key: item[key] for key in ("question", "answer", "position")} for item in answers]


def answer_problem(asked: dict[str, Json], item: Json) -> str | None:
    question = asked.get(item.get("question", ""))
    if question is None:
        return "question is not one of this event type"
    if not isinstance(item.get("position"), int):
        return "position is missing"
    if question["type"] == "phone_number" and not is_phone(item["answer"]):
        return f"{question['name']} is not a valid phone number"
    choices = question["answer_choices"]
    if choices and not question["include_other"] and item["answer"] not in choices:
        return f"{question['name']} is not one of the answer choices"
    return None


def check_tracking(value: object) -> Json:
    """All six keys or none at all."""
    if value is None:
        return dict.fromkeys(TRACKING_KEYS)
    if not isinstance(value, dict):
        raise invalid(detail("tracking", "must be an object"))
    absent = [key for key in TRACKING_KEYS if key not in value]
    if absent:
        raise invalid(*(detail(f"tracking.{key}", "is missing") for key in absent))
    long = [key for key in TRACKING_KEYS if value[key] is not None and not short_text(value[key])]
    if long:
        raise invalid(*(detail(f"tracking.{key}", "is too long (maximum is 255 characters)") for key in long))
    return {key: value[key] for key in TRACKING_KEYS}


def short_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= MAX_TRACKING_LENGTH


def check_guests(value: object) -> list[str]:
    guests = [] if value is None else value
    if not isinstance(guests, list) or len(guests) > MAX_GUESTS:
        raise invalid(detail("event_guests", f"must be a list of at most {MAX_GUESTS} emails"))
    if not all(is_email(guest) for guest in guests):
        raise invalid(detail("event_guests", "contains an invalid email"))
    return [str(guest) for guest in guests]
