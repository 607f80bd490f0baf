"""What a follow-up says: in the lead's language, with no time in it but that of a meeting that is booked."""

from pipewise.follow_up_plan import FollowUpPolicy, Kind
from pipewise.language.phrases import format_slot, format_timezone, say
from pipewise.storage.follow_ups import FollowUp
from pipewise.storage.meetings import MeetingRow

DEFAULT_LANGUAGE = "en"


def follow_up_text(
    follow_up: FollowUp, policy: FollowUpPolicy, *, language: str, zone: str, meeting: MeetingRow | None
) -> str:
    match follow_up.kind:
        case Kind.NUDGE:
            return say(_nudge(follow_up, policy), language)
        case Kind.REMINDER if meeting:
            return _reminder(meeting, language, zone)
        case Kind.THANKS:
            return say("meeting_thanks", language)
        case Kind.NO_SHOW:
            return say("no_show_recovery", language)
        case _:
            return say("return_note", language)


def _nudge(follow_up: FollowUp, policy: FollowUpPolicy) -> str:
    if follow_up.step > 1 and follow_up.step >= len(policy.delays):
        return "nudge_last"
    return "nudge_offer" if follow_up.basis.get("about") == "offer" else "nudge_question"


def _reminder(meeting: MeetingRow, language: str, zone: str) -> str:
    when = format_slot(meeting.start_time, language=language, timezone=zone)
    label = format_timezone(zone, meeting.start_time)
    lines = [say("reminder", language, name=meeting.title, when=when, timezone=label)]
    if meeting.join_url:
        lines.append(say("confirm_join", language, url=meeting.join_url))
    return "\n".join(lines)
