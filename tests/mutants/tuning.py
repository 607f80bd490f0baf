"""Mutants of what an account tunes: caps hold, settings are followed at once, and nothing is claimed that is not written."""

from tests.mutants.mutant import Mutant

RULES = "tests/integration/core/test_account_rules.py"
SETTINGS = "tests/integration/api/test_settings.py"
READER = "tests/unit/pipewise/test_settings_reader.py"
SOURCES = "tests/unit/nodes/test_sources.py"

MUTANTS = (
    Mutant(
        "message-cap-one-too-many",
        "Beyond the day's cap no message of the agent is queued.",
        "pipewise/caps.py",
        "scalar_one()) < cap",
        "scalar_one()) <= cap",
        (f"{RULES}::test_beyond_the_days_cap_nothing_is_sent_and_one_task_says_so[sqlite]",),
    ),
    Mutant(
        "turn-cap-forgotten",
        "What a turn has spent counts against its own cap.",
        "pipewise/budget.py",
        "        if not turn.is_under(caps.tokens_per_turn, caps.usd_per_turn):\n            return False\n",
        "",
        (f"{RULES}::test_a_turn_has_its_own_cap_and_the_next_begins_anew",),
    ),
    Mutant(
        "stale-settings-remembered",
        "What a change replaced while it was read is not remembered.",
        "pipewise/settings_reader.py",
        "        if forgotten == self._forgotten:\n",
        "        if forgotten <= self._forgotten:\n",
        (f"{READER}::test_what_a_change_replaced_while_it_was_read_is_not_remembered",),
    ),
    Mutant(
        "folder-of-another-account",
        "No account answers from the documents of another.",
        "pipewise/storage/account_settings.py",
        "knowledge_folders.c.name == name, knowledge_folders.c.account_id == account_id\n",
        "knowledge_folders.c.name == name\n",
        (f"{SETTINGS}::test_a_knowledge_folder_belongs_to_the_account_that_named_it_first[sqlite]",),
    ),
    Mutant(
        "change-off-the-record",
        "Every change of the settings is on record.",
        "pipewise/storage/account_settings.py",
        "        await _put_on_record(connection, account_id, current, document, actor=actor, now=now)\n",
        "",
        (f"{SETTINGS}::test_every_change_is_on_record_and_none_that_changes_nothing[sqlite]",),
    ),
    Mutant(
        "source-that-is-not-there",
        "A model's answer stands only with a source that it was given.",
        "nodes/sources.py",
        "    if not marks or any(mark not in by_mark for mark in marks):\n        return text, ()\n",
        "    marks = [mark for mark in marks if mark in by_mark] or list(by_mark)\n",
        (f"{SOURCES}::test_a_claim_without_a_source_is_replaced_by_the_source",),
    ),
    Mutant(
        "number-of-nobody",
        "A number that no source has is not told.",
        "nodes/sources.py",
        "    return text, () if invented else cited\n",
        "    return text, cited if invented is not None else ()\n",
        (f"{SOURCES}::test_a_claim_without_a_source_is_replaced_by_the_source",),
    ),
)
