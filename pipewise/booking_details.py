"""What the lead's record gives to a booking: answers to the host's questions, and a link with everything filled in."""

from urllib.parse import urlencode

from pipewise.leads import Lead
from pipewise.scheduling import EventType


def personal_link(url: str, lead: Lead) -> str:
    """The link with what is known of the lead filled in, and the lead's id as tracking, so that the booking finds its lead."""
    known = {"name": lead.name, "email": lead.email, "utm_source": "pipewise", "utm_content": lead.id}
    query = urlencode({name: value for name, value in known.items() if value})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def missing_answer(event_type: EventType, lead: Lead) -> str | None:
    """The first required question that nothing known of the lead answers, or a place that must be named."""
    answered = {name for name, _ in known_answers(event_type, lead)}
    for question in event_type.questions:
        if question.required and question.name not in answered:
            return question.name
    needs_place = event_type.locations and all(place.needs_value for place in event_type.locations)
    return "location" if needs_place and not lead.phone else None


def known_answers(event_type: EventType, lead: Lead) -> tuple[tuple[str, str], ...]:
    """Answers that the lead's record gives: phone questions by the phone, free-text ones by the stated need."""
    answers: list[tuple[str, str]] = []
    for question in event_type.questions:
        if question.kind == "phone_number" and lead.phone:
            answers.append((question.name, lead.phone))
        elif question.kind in {"string", "text"} and question.required:
            need = lead.facts.get("need", {}).get("value") or lead.company
            if need:
                answers.append((question.name, str(need)))
    return tuple(answers)
