"""Guarantees of follow-ups: sent by who holds the lane, never after what stops them, never at a time that is not allowed."""

from tests.mutants.mutant import Mutant

CORE = "tests/integration/core/test_follow_ups.py"
PLAN = "tests/unit/pipewise/test_follow_up_plan.py"

MUTANTS = (
    Mutant(
        "follow-up-without-a-fence",
        "A follow-up is fired only by whoever still holds the lane.",
        "pipewise/follow_up_firing.py",
        "        await lanes.check(connection, lease)\n",
        "",
        (f"{CORE}::test_who_lost_the_lane_fires_nothing[sqlite]",),
    ),
    Mutant(
        "follow-up-not-looked-at-at-the-claim",
        "What became pointless while its message waited is not sent.",
        "pipewise/sender.py",
        "        refusal = refusal or await why_withdrawn(connection, row, lead, now)\n",
        "",
        (f"{CORE}::test_a_reply_between_firing_and_sending_stops_the_message[sqlite]",),
    ),
    Mutant(
        "follow-up-after-a-reply",
        "A word of the lead stops a nudge.",
        "pipewise/follow_up_plan.py",
        '    if known.seen != basis["seen"]:\n',
        '    if known.seen < basis["seen"]:\n',
        (f"{PLAN}::test_what_stops_a_nudge",),
    ),
    Mutant(
        "reminder-of-a-former-time",
        "A reminder belongs to one version of its meeting.",
        "pipewise/follow_up_plan.py",
        '    if known.meeting_version != basis["meeting_version"] or known.meeting_start is None:\n',
        "    if known.meeting_start is None:\n",
        (f"{PLAN}::test_what_stops_a_reminder",),
    ),
    Mutant(
        "follow-up-outside-of-hours",
        "Quiet hours, business hours and holidays move a follow-up.",
        "pipewise/follow_up_plan.py",
        "    allowed = policy.hours.next_allowed(moment, zone)\n",
        "    allowed = moment\n",
        ("tests/unit/pipewise/test_follow_up_policy.py::test_a_day_has_no_more_messages_than_allowed",),
    ),
    Mutant(
        "template-to-who-refused",
        "A lead who refused marketing gets no template of ours.",
        "pipewise/follow_up_firing.py",
        "    if refused and kind is not Kind.REMINDER:\n",
        "    if refused and kind is Kind.REMINDER:\n",
        (f"{CORE}::test_a_lead_who_refused_marketing_gets_no_template[sqlite]",),
    ),
)
