"""Mutants of the way in: who is believed, what counts once, what is acknowledged."""

from tests.mutants.mutant import Mutant

INBOX = "tests/integration/core/test_inbox.py"
WEBHOOKS = "tests/integration/api/test_webhooks.py"
WAKE_UPS = "tests/integration/core/test_wake_up_commits.py"
RECEIVE = "tests/unit/api/test_receive.py"
PLATFORMS = "tests/contract/test_platforms.py"

MUTANTS = (
    Mutant(
        "dedup-without-its-key",
        "An event that comes again is stored once, even where two processes have it at the same time.",
        "pipewise/storage/events.py",
        "return await insert_unless_there(connection, events, row)",
        'return await insert_unless_there(connection, events, {**row, "dedupe_key": row["id"]})',
        (f"{INBOX}::test_five_copies_at_once_are_one_event[sqlite]",),
    ),
    Mutant(
        "lane-not-marked",
        "The work that an event means is committed with it.",
        "pipewise/inbox.py",
        "        await lanes.mark_due(connection, origin.account_id, lead_id, origin.now)\n",
        "",
        (f"{INBOX}::test_accepting_counts_wakes_and_marks_the_lane_due[sqlite]",),
    ),
    Mutant(
        "wake-up-left-out",
        "On PostgreSQL the wake-up is committed in the transaction of the event.",
        "pipewise/storage/lanes.py",
        "    await wake_ups.enqueue(connection, lead_id)\n",
        "",
        (f"{WAKE_UPS}::test_a_wake_up_is_committed_with_its_event",),
    ),
    Mutant(
        "wake-up-outside",
        "A wake-up whose transaction fails is not left behind, and is seen by nobody before the commit.",
        "pipewise/storage/wake_ups.py",
        '        await connection.execute(_ONE, {"lead_id": lead_id})',
        "        async with connection.engine.begin() as other:\n"
        '            await other.execute(_ONE, {"lead_id": lead_id})',
        (f"{WAKE_UPS}::test_a_transaction_that_fails_wakes_nobody",),
    ),
    Mutant(
        "wake-ups-pile-up",
        "A lead that waits in the queue already is not put there again.",
        "pipewise/storage/wake_ups.py",
        "SELECT '{QUEUE}', '{TASK}', lead_id, jsonb",
        "SELECT '{QUEUE}', '{TASK}', NULL, jsonb",
        (f"{WAKE_UPS}::test_a_lead_that_waits_already_is_not_queued_again",),
    ),
    Mutant(
        "foreign-number-accepted",
        "An item for the number of another account is ignored.",
        "pipewise/inbox_items.py",
        "return bool(ours and event.account_ref and event.account_ref != ours)",
        "return False",
        (f"{INBOX}::test_items_of_another_account_are_ignored[sqlite]",),
    ),
    Mutant(
        "trouble-taken-for-a-bad-item",
        "A database in trouble acknowledges nothing, so that the vendor sends it again.",
        "pipewise/inbox_items.py",
        "isinstance(error, DataError if isinstance(error, DBAPIError) else ValueError | StatementError)",
        "isinstance(error, DBAPIError | ValueError | StatementError)",
        (f"{INBOX}::test_trouble_of_the_database_acknowledges_nothing[sqlite]",),
    ),
    Mutant(
        "disk-full-answered-200",
        "What cannot be stored is answered with 503.",
        "api/routes/webhooks.py",
        "    except (SQLAlchemyError, OSError, TimeoutError):\n        return storage_unavailable()\n    counts",
        "    except (SQLAlchemyError, OSError, TimeoutError):\n        result = Accepted()\n    counts",
        (f"{WEBHOOKS}::test_what_cannot_be_stored_is_answered_503_and_asked_for_again",),
    ),
    Mutant(
        "signature-unchecked",
        "A delivery is believed by its signature alone.",
        "api/webhook_delivery.py",
        "    platform.webhook.verify(body, headers, recipient.secrets, now)\n",
        "",
        (f"{WEBHOOKS}::test_any_changed_byte_is_refused_and_stores_nothing",),
    ),
    Mutant(
        "signature-of-nothing",
        "An empty secret signs nothing.",
        "pipewise/platforms/signatures.py",
        " for secret in secrets if secret]",
        " for secret in secrets]",
        (f"{PLATFORMS}::test_without_a_secret_nothing_passes", "tests/unit/pipewise/platforms/test_signatures.py"),
    ),
    Mutant(
        "old-signature-accepted",
        "A signed time has to be near, either way.",
        "pipewise/platforms/signatures.py",
        "abs(now.timestamp() - int(stamp)) > tolerance_seconds",
        "int(stamp) - now.timestamp() > tolerance_seconds",
        (f"{PLATFORMS}::test_a_signed_time_must_be_near", "tests/unit/pipewise/platforms/test_signatures.py"),
    ),
    Mutant(
        "body-without-end",
        "A body is cut off at one mebibyte, whatever length it declared.",
        "api/receive.py",
        "        if len(body) > MAX_BODY_BYTES:\n",
        "        if len(body) > 1000 * MAX_BODY_BYTES:\n",
        (f"{RECEIVE}::test_an_endless_body_is_cut_off",),
    ),
    Mutant(
        "window-moved-back",
        "A late redelivery does not move the reply window back.",
        "pipewise/inbox.py",
        '(leads.c.last_inbound_at < bindparam("at"))',
        '(leads.c.last_inbound_at != bindparam("at"))',
        (f"{INBOX}::test_a_late_redelivery_does_not_move_the_window_back[sqlite]",),
    ),
)
