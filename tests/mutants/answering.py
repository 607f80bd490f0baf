"""Mutants of the turn: what is owed an answer gets one, and an answer that came too late is not given."""

from tests.mutants.mutant import Mutant

WORKER = "tests/integration/core/test_worker.py"
WITHDRAWN = "tests/integration/test_withdrawn_turns.py"
TROUBLE = "tests/integration/core/test_trouble.py"
WAITING = "tests/integration/core/test_waiting.py"
DESKS = "tests/unit/pipewise/test_desk_builder.py"

MUTANTS = (
    Mutant(
        "takeover-not-seen-at-commit",
        "A turn whose lead a person took over meanwhile is not committed.",
        "pipewise/turn_watch.py",
        "    if ownership_version != request.lead.ownership_version:\n",
        "    if ownership_version < request.lead.ownership_version:\n",
        (f"{WORKER}::test_a_takeover_during_the_turn_supersedes_its_draft[sqlite]",),
    ),
    Mutant(
        "newer-message-not-seen-at-commit",
        "A turn whose lead wrote again meanwhile is not committed.",
        "pipewise/turn_watch.py",
        "Superseded(WROTE_AGAIN) if set(waiting.scalars()) - known else None",
        "Superseded(WROTE_AGAIN) if known - known and waiting else None",
        (f"{WORKER}::test_a_message_during_the_turn_supersedes_its_draft[sqlite]",),
    ),
    Mutant(
        "commit-without-a-look",
        "The look at what came meanwhile is in the transaction of the commit.",
        "pipewise/turn_commit.py",
        "        if reason:\n            raise reason\n",
        "        del reason\n",
        (f"{WORKER}::test_a_message_during_the_turn_supersedes_its_draft[sqlite]",),
    ),
    Mutant(
        "reaction-supersedes",
        "Only a message that is owed an answer supersedes one.",
        "pipewise/turn_watch.py",
        "    events.c.needs_turn.is_(True),\n",
        "",
        (f"{WORKER}::test_a_reaction_does_not_supersede[sqlite]",),
    ),
    Mutant(
        "withdrawn-model-goes-on",
        "A model that is asked for an answer nobody wants any more is given up.",
        "pipewise/turns.py",
        "            await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)\n"
        "            if not running.done():\n"
        "                self.check()\n",
        "            await asyncio.wait({running})\n",
        ("tests/unit/pipewise/test_journal.py::test_a_withdrawn_turn_gives_up_the_model_and_begins_nothing_new",),
    ),
    Mutant(
        "turn-not-watched",
        "While a turn runs, it is looked whether its answer is still wanted.",
        "pipewise/turn_watch.py",
        "                withdrawal.withdraw(reason)\n",
        "",
        (f"{WITHDRAWN}::test_a_model_that_is_thinking_is_given_up_when_the_lead_writes_again",),
    ),
    Mutant(
        "order-of-arrival",
        "A lead's events count in the vendor's order, not in that of their arrival.",
        "pipewise/storage/events.py",
        ".order_by(events.c.occurred_at, events.c.seq)\n)\n\n\nasync def is_known",
        ".order_by(events.c.seq)\n)\n\n\nasync def is_known",
        ("tests/integration/core/test_inbox.py::test_events_count_in_the_vendors_order_then_arrival[sqlite]",),
    ),
    Mutant(
        "back-off-ignored",
        "A lane whose first event failed waits before it tries again.",
        "pipewise/worker.py",
        "            if not events or is_held:\n",
        "            if not events:\n",
        (f"{WORKER}::test_a_failing_turn_backs_off_then_becomes_a_dead_letter[sqlite]",),
    ),
    Mutant(
        "dead-letter-never",
        "An event that fails for ever becomes a dead letter that a person sees.",
        "pipewise/worker.py",
        "            if tried := attempts % TRIES:  # a dead",
        "            if tried := attempts:  # a dead",
        (f"{WORKER}::test_a_failing_turn_backs_off_then_becomes_a_dead_letter[sqlite]",),
    ),
    Mutant(
        "dead-letter-at-once",
        "An event that failed is tried again before it is given up.",
        "pipewise/worker.py",
        "            if tried := attempts % TRIES:  # a dead",
        "            if tried := 0:  # a dead",
        (f"{WORKER}::test_a_failing_turn_backs_off_then_becomes_a_dead_letter[sqlite]",),
    ),
    Mutant(
        "trouble-counts-as-a-try",
        "Trouble of the database during a turn is no try of its events.",
        "pipewise/worker.py",
        '            if is_storage_trouble(error):\n                raise\n            log.exception("turn failed"',
        '            log.exception("turn failed"',
        (f"{TROUBLE}::test_trouble_during_turns_is_no_try_of_the_event",),
    ),
    Mutant(
        "trouble-not-recognised",
        "A full, locked or absent database is told from a statement that is wrong.",
        "pipewise/storage/trouble.py",
        "_SQLITE = frozenset({5, 6, 7, 8, 9, 10, 13, 14, 15})",
        "_SQLITE = frozenset({5, 6, 7, 8, 9, 10, 14, 15})",
        ("tests/unit/pipewise/test_trouble.py",),
    ),
    Mutant(
        "burst-without-end",
        "A lead who never stops writing is answered all the same.",
        "pipewise/bursts.py",
        "            left = min(last + self._window.quiet, first + self._window.longest) - self._clock.monotonic()\n",
        "            left = max(last + self._window.quiet, first) - self._clock.monotonic()\n",
        (f"{WORKER}::test_a_lead_who_never_stops_is_answered_all_the_same",),
    ),
    Mutant(
        "burst-answered-line-by-line",
        "A burst of messages is one turn.",
        "pipewise/worker.py",
        "                await self._bursts.settle(lease.lead_id)\n",
        "",
        (f"{WORKER}::test_a_burst_is_one_turn",),
    ),
    Mutant(
        "held-twice",
        "Who waits long is told so once.",
        "pipewise/waiting.py",
        'derived_id("holding", request.events[0].id)',
        'derived_id("holding", request.run_id)',
        (f"{WAITING}::test_slow_turns_show_typing_then_one_holding_message[sqlite]",),
    ),
    Mutant(
        "turn-without-end",
        "A turn without end is ended.",
        "pipewise/waiting.py",
        "(patience.longest, None))",
        "(patience.longest * 1000, None))",
        (f"{WAITING}::test_a_turn_without_end_is_ended[sqlite]",),
    ),
    Mutant(
        "every-run-is-live",
        "A run that is not the lead's own turn right now writes to no vendor.",
        "pipewise/desk_builder.py",
        "        effects = run_id in self.live_turns\n",
        "        effects = bool(run_id)\n",
        (f"{DESKS}::test_only_a_live_turn_may_write_to_vendors",),
    ),
    Mutant(
        "live-for-ever",
        "A run that has ended is not live any more.",
        "pipewise/desk_builder.py",
        "        self._leases.pop(run_id, None)\n",
        "        self._leases.get(run_id)\n",
        (f"{DESKS}::test_only_a_live_turn_may_write_to_vendors",),
    ),
    Mutant(
        "trial-run-sends",
        "A run without effects sends nothing.",
        "pipewise/reply_plan.py",
        "    if result.reply is None or not effects:\n",
        "    if result.reply is None:\n",
        ("tests/integration/core/test_turn_commit.py::test_a_run_without_effects_sends_nothing[sqlite]",),
    ),
)
