"""Mutants of the journal and the checkpoints: a turn goes on where it was broken off, and comes out again as it was."""

from tests.mutants.mutant import Mutant

JOURNAL = "tests/unit/pipewise/test_journal.py"
REPLAY = "tests/integration/test_replay.py"
CHECKPOINTS = "tests/integration/test_checkpoints.py"

MUTANTS = (
    Mutant(
        "recorded-answer-asked-again",
        "A turn that is taken up again uses the answers that were recorded.",
        "pipewise/turn_journals.py",
        '        return joined, typed(Lead).decode(documents[0]["lead"])\n',
        "        return None, None\n",
        ("tests/integration/core/test_turn_journals.py::test_a_second_try_uses_what_the_first_was_told[sqlite]",),
    ),
    Mutant(
        "answer-used-before-its-commit",
        "An answer that costs something is committed before it is used.",
        "pipewise/journal.py",
        "            if lasting and self._commit:\n",
        "            if lasting and self._commit and self.has_segments:\n",
        (f"{JOURNAL}::test_a_lasting_answer_is_committed_with_everything_before_it",),
    ),
    Mutant(
        "standing-answer-overwritten",
        "Where an earlier try's answer to the same question stands, that one counts.",
        "pipewise/storage/journal.py",
        '    if found["request"] == row.request:\n',
        "    if found is None:\n",
        (
            "tests/integration/core/test_journal_rows.py::test_a_segment_that_asks_the_same_stands_and_another_takes_its_place[sqlite]",
        ),
    ),
    Mutant(
        "what-lay-ahead-is-kept",
        "A turn that goes another way than its earlier try forgets what that one learned.",
        "pipewise/journal.py",
        "        self._forget_ahead()\n        return None\n",
        "        return None\n",
        (f"{JOURNAL}::test_a_turn_that_goes_another_way_forgets_what_lay_ahead_and_commits_from_the_start",),
    ),
    Mutant(
        "replay-blind-to-requests",
        "A replay that asks something else than the recorded turn did says so.",
        "pipewise/journal.py",
        "        if (step.kind, step.request) == (kind, request):\n",
        "        if step.kind == kind:\n",
        (f"{JOURNAL}::test_a_replay_that_asks_something_else_names_the_step",),
    ),
    Mutant(
        "replay-blind-to-state",
        "A replay that leaves another state says so.",
        "graph/replay.py",
        "        if turn.after.get(name) != after.get(name):\n",
        "        if name not in after:\n",
        (f"{REPLAY}::test_another_state_and_another_message_are_noticed",),
    ),
    Mutant(
        "replay-blind-to-the-message",
        "A replay that would send another message says so.",
        "graph/replay.py",
        'return None if turn.outbound["reply"] == reply else',
        'return None if turn.outbound["reply"] else',
        (f"{REPLAY}::test_another_state_and_another_message_are_noticed",),
    ),
    Mutant(
        "replay-blind-to-releases",
        "A replay by another release says so, even where nothing comes out differently.",
        "graph/replay.py",
        "        if turn.versions.get(name) != versions.get(name)\n    ]",
        "        if name not in versions\n    ]",
        (f"{REPLAY}::test_another_release_is_noticed_even_where_nothing_comes_out_differently",),
    ),
    Mutant(
        "journal-not-bound-to-its-row",
        "A journal that was copied to another turn does not open.",
        "pipewise/turn_journals.py",
        'return Place("journal", "sealed", account_id, identity)',
        'return Place("journal", "sealed", account_id, "")',
        (f"{REPLAY}::test_a_journal_of_another_turn_does_not_open",),
    ),
    Mutant(
        "pruned-to-the-newest",
        "Pruning leaves the checkpoint that the lead points at, though it is not the newest.",
        "graph/checkpoint_rows.py",
        "(checkpoint_ns != '' OR checkpoint_id != :pointer)\"",
        "(checkpoint_ns != '' OR checkpoint_id != (SELECT max(checkpoint_id) FROM checkpoints WHERE thread_id = :thread))\"",
        (f"{CHECKPOINTS}::test_pruning_leaves_what_the_lead_points_at_though_it_is_not_the_newest[sqlite]",),
    ),
    Mutant(
        "pruned-ahead-of-time",
        "A worker that was paused past its lease takes nothing from its successor.",
        "graph/checkpoint_rows.py",
        '    _PAST = "thread_id = :thread AND checkpoint_id < :before"\n',
        "    _PAST = \"thread_id = :thread AND :before < 'z'\"\n",
        (f"{CHECKPOINTS}::test_a_worker_that_was_paused_takes_nothing_from_its_successor[sqlite]",),
    ),
    Mutant(
        "started-from-the-newest",
        "A turn starts from the checkpoint that its lead points at.",
        "graph/turns.py",
        "        config = _config(thread_id, request.run_id, options.checkpoint_id or pointer)\n",
        "        config = _config(thread_id, request.run_id, options.checkpoint_id)\n",
        ("tests/integration/test_turns.py::test_a_zombie_that_writes_while_a_turn_begins_is_not_read",),
    ),
    Mutant(
        "unsealed-checkpoint-read",
        "What carries another mark than ours is refused unread.",
        "graph/sealed_saver.py",
        "        if data[0] != SEALED:\n",
        "        if not data[0]:\n",
        (f"{CHECKPOINTS}::test_an_envelope_without_our_mark_is_refused_before_it_is_looked_at",),
    ),
    Mutant(
        "seal-not-bound-to-its-thread",
        "A checkpoint that was moved to another conversation is refused.",
        "graph/sealed_saver.py",
        'return Place("checkpoints", "checkpoint", "", json.dumps([thread_id, namespace, checkpoint_id]))',
        'return Place("checkpoints", "checkpoint", "", json.dumps([namespace, checkpoint_id]))',
        (f"{CHECKPOINTS}::test_what_is_not_sealed_or_stands_elsewhere_is_refused[sqlite]",),
    ),
    Mutant(
        "pending-write-not-bound",
        "A pending write that was moved to another channel is refused.",
        "graph/sealed_saver.py",
        "json.dumps([thread_id, namespace, checkpoint_id, task_id, channel]))",
        "json.dumps([thread_id, namespace, checkpoint_id, task_id]))",
        (f"{CHECKPOINTS}::test_a_pending_write_that_was_changed_or_moved_is_refused",),
    ),
)
