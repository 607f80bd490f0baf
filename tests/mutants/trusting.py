"""Mutants of trust: the record, merged people, the erased, numbers, and whose rows a statement means."""

from tests.mutants.mutant import Mutant

CHAIN = "tests/unit/pipewise/test_audit_chain.py"
AUDIT = "tests/integration/core/test_audit.py"
PEOPLE = "tests/integration/api/test_people.py"
HEALTH = "tests/integration/api/test_health.py"
FEED = "tests/unit/pipewise/platforms/calendly/test_feed.py"

MUTANTS = (
    Mutant(
        "chain-without-links",
        "An entry that is removed shows.",
        "pipewise/audit_chain.py",
        "    told = [\n        previous,\n",
        "    told = [\n        START,\n",
        (f"{CHAIN}::test_a_thousand_tamperings_are_found",),
    ),
    Mutant(
        "heads-elsewhere-unasked",
        "A chain that is cut back together with its head shows.",
        "pipewise/audit_chain.py",
        "        if beyond > 0:\n",
        "        if beyond > 1_000_000:\n",
        (f"{AUDIT}::test_a_cut_together_with_its_head_is_known_elsewhere[sqlite]",),
    ),
    Mutant(
        "head-not-moved",
        "An end that is cut off shows.",
        "pipewise/audit.py",
        "self._seal(account_id, Head(head.key, entry.seq, entry.mac))",
        "self._seal(account_id, head)",
        (f"{AUDIT}::test_acts_at_once_stand_in_one_line[sqlite]",),
    ),
    Mutant(
        "credentials-read-silently",
        "Every opening of credentials is in the record.",
        "pipewise/credential_reads.py",
        "                Act.CREDENTIAL_READ,\n",
        "                Act.LEAD_CHANGED,\n",
        ("tests/integration/api/test_audit.py::test_every_act_is_written_down_with_its_actor[sqlite]",),
    ),
    Mutant(
        "merge-during-a-turn",
        "No lead is merged while its turn runs.",
        "pipewise/merging.py",
        "        if await lanes.take(connection, lead_id, holder) is None:\n",
        "        if await lanes.take(connection, lead_id, holder) is None and not holder:\n",
        (f"{PEOPLE}::test_a_merge_waits_for_a_turn_and_gives_up_openly[sqlite]",),
    ),
    Mutant(
        "opt-out-lost-in-a-merge",
        "Whoever asked to receive nothing more is not written to under another name.",
        "pipewise/merging.py",
        "    if other.opted_out:\n",
        "    if other.opted_out and lead.opted_out:\n",
        (f"{PEOPLE}::test_whatever_asks_for_more_care_holds_for_both[sqlite]",),
    ),
    Mutant(
        "undone-merge-made-again",
        "A merge that a person undid is not made again.",
        "pipewise/storage/lead_merges.py",
        '        "id": derived_id("merge", account_id, *sorted((lead_id, other_id))),\n',
        '        "id": derived_id("merge", account_id, lead_id, other_id, now),\n',
        (f"{PEOPLE}::test_a_merge_that_a_person_undid_is_not_made_again[sqlite]",),
    ),
    Mutant(
        "kept-answers-not-erased",
        "Of an erased person no answer is kept for a repetition.",
        "pipewise/storage/erasure.py",
        "*_mentions(idempotency_keys.c.key, texts), ",
        "",
        ("tests/integration/test_erasure.py::test_on_sqlite",),
    ),
    Mutant(
        "late-rows-not-counted",
        "Sums say what the rows say, also after the clock had been ahead.",
        "pipewise/storage/rollups.py",
        "        await _roll_late(connection, account_id, start, (mark.seq or 0, newest))\n",
        "        pass\n",
        ("tests/integration/core/test_rollups.py::test_a_clock_that_had_been_ahead_loses_no_row[sqlite]",),
    ),
    Mutant(
        "health-past-the-circuit",
        "A vendor whose circuit is open is left alone by the monitor.",
        "pipewise/health_monitor.py",
        "past_circuit=False)",
        "past_circuit=True)",
        (f"{HEALTH}::test_a_vendor_that_is_down_degrades_and_its_circuit_is_not_looked_past[sqlite]",),
    ),
    Mutant(
        "failing-calls-unjoined",
        "Calls that keep failing degrade although a look finds all well.",
        "pipewise/health_monitor.py",
        "if status is IntegrationStatus.CONNECTED and look and is_failing(look.failing, now):",
        "if status is IntegrationStatus.CONNECTED and look and is_failing(None, now):",
        (f"{HEALTH}::test_calls_that_keep_failing_degrade_although_a_look_finds_all_well[sqlite]",),
    ),
    Mutant(
        "past-bookings-imported",
        "What was booked before an account was connected is none of ours.",
        "pipewise/platforms/calendly/feed.py",
        "            if not self.complete and touched and touched < self.since:\n",
        "            if False and touched and touched < self.since:\n",
        (f"{FEED}::test_what_was_there_before_is_none_of_ours_until_it_changes",),
    ),
    Mutant(
        "cut-look-taken-for-whole",
        "A calendar too full for one look is taken in pieces, and none of it is forgotten.",
        "pipewise/platforms/calendly/feed.py",
        "        more = len(due) > EVENTS_A_LOOK\n",
        "        more = False\n",
        (f"{FEED}::test_a_full_calendar_is_taken_in_pieces_and_none_of_it_is_forgotten",),
    ),
    Mutant(
        "window-of-any-number",
        "The reply window is that of the number that was written to.",
        "pipewise/reply_limits.py",
        "        statement = statement.where(events.c.integration_id.in_(same))\n",
        "        statement = statement.where(same.exists())\n",
        (
            "tests/integration/core/test_reply_limits.py::test_each_of_two_numbers_has_its_own_window_and_one_connected_anew_keeps_it[sqlite]",
        ),
    ),
    Mutant(
        "statement-of-every-account",
        "Another account's lead answers like one that does not exist.",
        "pipewise/storage/leads.py",
        '_BY_ID = select_by(leads, ("id", "account_id"))',
        '_BY_ID = select_by(leads, ("id",))',
        ("tests/integration/api/test_id_positions.py",),
    ),
)
