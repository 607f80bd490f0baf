"""Clients of the graph protocol: threads stay apart, nothing is told twice, nobody becomes another lead."""

from tests.mutants.mutant import Mutant

DELIVERY = "tests/integration/protocol/test_delivery.py"

MUTANTS = (
    Mutant(
        "threads-of-accounts-not-told-apart",
        "Two accounts that choose the same id have two threads.",
        "pipewise/storage/threads.py",
        'derived_id("client thread", account_id, thread_id)',
        'derived_id("client thread", thread_id)',
        (
            "tests/integration/api/test_protocol_tenants.py::test_two_accounts_may_choose_the_same_id_and_learn_nothing_of_each_other",
        ),
    ),
    Mutant(
        "torn-turn-shown",
        "A lead's conversation is read where its pointer points.",
        "graph/thread_states.py",
        "        wanted = checkpoint_id or await self.pointer(thread)\n",
        "        wanted = checkpoint_id\n",
        (f"{DELIVERY}::test_a_torn_turns_checkpoint_is_never_shown",),
    ),
    Mutant(
        "turn-writable",
        "A client cannot write into a state whose turn it is.",
        "graph/run_spec.py",
        'WRITABLE = frozenset({"messages",',
        'WRITABLE = frozenset({"turn", "messages",',
        ("tests/unit/graph/test_run_spec.py::test_what_is_not",),
    ),
    Mutant(
        "stream-told-again",
        "A client that was cut off is told nothing twice.",
        "graph/run_stream.py",
        "        place = max(0, after)\n",
        "        place = 0\n",
        ("tests/unit/graph/test_run_stream.py::test_whoever_comes_early_or_late_is_told_everything_once",),
    ),
)
