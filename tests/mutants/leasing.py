"""Mutants of lanes: one worker a lead at a time, and no lead forgotten."""

from tests.mutants.mutant import Mutant

LANES = "tests/integration/core/test_lanes.py"
CRONS = "tests/integration/protocol/test_crons.py"
KEEPER = "tests/integration/core/test_lease_keeper.py"
WORKER = "tests/integration/core/test_worker.py"

MUTANTS = (
    Mutant(
        "lane-taken-from-a-holder",
        "Of many workers one gets the lane.",
        "pipewise/storage/lanes.py",
        '    free = or_(lanes.c.holder == bindparam("key_holder"), _is_free())\n',
        '    free = or_(lanes.c.holder == bindparam("key_holder"), lanes.c.fence >= 0)\n',
        (f"{LANES}::test_of_eight_workers_one_gets_the_lane[sqlite]",),
    ),
    Mutant(
        "cron-date-claimed-twice",
        "Of two processes that found a cron's date due, one fires it.",
        "pipewise/storage/crons.py",
        "            crons.c.next_run_at == cron.next_run_at,\n",
        "",
        (f"{CRONS}::test_of_two_who_found_a_date_due_one_claims_it[sqlite]",),
    ),
    Mutant(
        "fence-unchecked",
        "A worker that lost its lane commits nothing.",
        "pipewise/storage/lanes.py",
        "    if (await connection.execute(_checking(), _key(lease))).rowcount != 1:\n",
        "    if (await connection.execute(_checking(), _key(lease))).rowcount > 1:\n",
        (f"{LANES}::test_a_worker_that_slept_past_its_lease_may_not_commit[sqlite]",),
    ),
    Mutant(
        "fence-number-ignored",
        "The holder's name is not enough: an older lease of the same holder is refused.",
        "pipewise/storage/lanes.py",
        '        lanes.c.fence == bindparam("key_fence"),\n',
        '        lanes.c.fence >= bindparam("key_fence"),\n',
        (f"{LANES}::test_the_same_holder_with_an_older_fence_is_refused_too[sqlite]",),
    ),
    Mutant(
        "fence-stands-still",
        "The fencing number rises with every lease.",
        "pipewise/storage/lanes.py",
        "fence=lanes.c.fence + 1,",
        "fence=lanes.c.fence,",
        (f"{LANES}::test_the_fence_rises_with_every_lease[sqlite]",),
    ),
    Mutant(
        "turn-without-a-fence",
        "A turn's commit looks at the fence.",
        "pipewise/turn_commit.py",
        "        await lanes.check(connection, lease)\n",
        "",
        (f"{WORKER}::test_a_worker_that_lost_its_lane_keeps_nothing_of_its_turn[sqlite]",),
    ),
    Mutant(
        "claim-without-a-fence",
        "A message is claimed only by whoever still holds the lane.",
        "pipewise/sender.py",
        "        await lanes.check(connection, lease)\n        paused",
        "        paused",
        ("tests/integration/core/test_outbox_refusals.py::test_who_lost_the_lane_claims_nothing[sqlite]",),
    ),
    Mutant(
        "booking-without-a-fence",
        "A booking is asked for only by whoever still holds the lane.",
        "pipewise/bookings.py",
        "                await lanes.check(transaction, intent.lease)\n",
        "",
        ("tests/integration/core/test_bookings.py::test_who_lost_the_lane_books_nothing[sqlite]",),
    ),
    Mutant(
        "lease-never-renewed",
        "A lease is renewed for as long as its lane is worked.",
        "pipewise/lease_keeper.py",
        "                standing = await lanes.renew(connection, asked)\n",
        "                standing = asked\n",
        (f"{KEEPER}::test_a_lease_is_renewed_while_its_lane_is_worked[sqlite]",),
    ),
    Mutant(
        "lost-lane-worked-on",
        "Work on a lane that another worker has taken is ended.",
        "pipewise/lease_keeper.py",
        "                    scope.reschedule(asyncio.get_running_loop().time())\n",
        "                    scope.reschedule(None)\n",
        (f"{KEEPER}::test_work_on_a_lane_that_was_lost_is_ended[sqlite]",),
    ),
    Mutant(
        "lease-for-ever",
        "The lane of a worker that vanished becomes free.",
        "pipewise/storage/lanes.py",
        "lanes.c.holder.is_(None), left < 0, left > LEASE_SECONDS)",
        "lanes.c.holder.is_(None), left > LEASE_SECONDS)",
        (f"{LANES}::test_no_lease_holds_for_ever[sqlite--1]",),
    ),
    Mutant(
        "deserted-lane-overlooked",
        "A lane whose holder vanished is looked at again, though nothing marks it as due.",
        "pipewise/storage/lanes.py",
        "[*waiting.scalars(), *deserted.scalars()]",
        "[*waiting.scalars()]",
        (f"{LANES}::test_no_lease_holds_for_ever[sqlite--1]",),
    ),
    Mutant(
        "work-forgotten-at-release",
        "Work that came while the lane was held stays due when it is given back.",
        "pipewise/storage/lanes.py",
        '_earlier_than(bindparam("at", type_=lanes.c.due_at.type)) if later else lanes.c.due_at',
        'bindparam("at", type_=lanes.c.due_at.type) if later else None',
        (f"{LANES}::test_work_that_comes_while_the_lane_is_held_stays_due[sqlite]",),
    ),
    Mutant(
        "later-mark-wins",
        "An earlier due time stands, whatever is marked after it.",
        "pipewise/storage/lanes.py",
        'index_elements=["lead_id"], set_={"due_at": earlier})',
        'index_elements=["lead_id"], set_={"due_at": given})',
        (f"{LANES}::test_marking_keeps_an_earlier_due_time[sqlite]",),
    ),
    Mutant(
        "clock-of-the-past-believed",
        "When the clock went back, due times that now lie years ahead are not believed.",
        "pipewise/worker.py",
        "if self._last_scan is None or now < self._last_scan - CLOCK_TOLERANCE:",
        "if self._last_scan is None:",
        (f"{LANES}::test_when_the_clock_went_back_every_lane_with_work_is_looked_at[sqlite]",),
    ),
)
