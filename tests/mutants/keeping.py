"""Mutants of what is on disk: durable, sealed, of one moment in a backup, and never taken for another schema."""

from tests.mutants.mutant import Mutant

DATABASE = "tests/integration/core/test_database.py"
VAULT = "tests/unit/pipewise/test_vault.py"
CHECKPOINTS = "tests/integration/test_checkpoints.py"
BACKUP = "tests/integration/test_backup.py"

MUTANTS = (
    Mutant(
        "synchronous-normal",
        "A commit that returned is on disk.",
        "pipewise/storage/database.py",
        '            "synchronous=FULL",\n',
        '            "synchronous=NORMAL",\n',
        (f"{DATABASE}::test_every_sqlite_connection_is_durable",),
    ),
    Mutant(
        "checkpoints-synchronous-normal",
        "A checkpoint is on disk before the lead points at it.",
        "graph/checkpoints.py",
        '"PRAGMA synchronous=FULL"',
        '"PRAGMA synchronous=NORMAL"',
        (f"{CHECKPOINTS}::test_a_checkpoint_is_on_disk_before_anything_points_at_it",),
    ),
    Mutant(
        "writers-begin-late",
        "Writers of two processes wait for each other.",
        "pipewise/storage/database.py",
        '_open_threads(url, 1, "BEGIN IMMEDIATE")',
        '_open_threads(url, 1, "BEGIN")',
        (f"{DATABASE}::test_two_processes_that_read_and_then_write_wait_for_each_other",),
    ),
    Mutant(
        "no-foreign-keys",
        "No row points at nothing.",
        "pipewise/storage/database.py",
        "f\"foreign_keys={'ON' if foreign_keys else 'OFF'}\"",
        "f\"foreign_keys={'OFF' if foreign_keys else 'OFF'}\"",
        (f"{DATABASE}::test_every_sqlite_connection_is_durable",),
    ),
    Mutant(
        "failure-committed",
        "A piece of work that fails leaves nothing.",
        "pipewise/storage/sqlite_threads.py",
        "                await doors.end(commit=False)\n",
        "                await doors.end(commit=True)\n",
        (f"{DATABASE}::test_a_failed_block_leaves_nothing[sqlite]",),
    ),
    Mutant(
        "group-sinks-together",
        "In a group of commits, one piece's failure undoes that piece alone.",
        "pipewise/storage/group_commit.py",
        "        async with connection.begin_nested():\n            return await work(connection)\n",
        "        return await work(connection)\n",
        ("tests/integration/core/test_group_commit.py::test_one_failure_undoes_that_piece_alone[sqlite]",),
    ),
    Mutant(
        "failed-commit-taken-for-done",
        "Nobody is told of success before the commit.",
        "pipewise/storage/group_commit.py",
        "                results = [error] * len(group)\n",
        "                results = [error and None] * len(group)\n",
        ("tests/integration/core/test_group_commit.py::test_a_failed_commit_fails_everybody[sqlite]",),
    ),
    Mutant(
        "secret-not-bound-to-its-place",
        "A secret that was copied elsewhere does not open.",
        "pipewise/vault.py",
        "return bytes([VERSION]) + key_id + place.associated_data()",
        'return bytes([VERSION]) + key_id + b"" * len(place.table)',
        (f"{VAULT}::test_moved_elsewhere_it_does_not_open",),
    ),
    Mutant(
        "places-run-together",
        "Two places are never bound alike.",
        "pipewise/vault.py",
        'return "\\x1f".join(parts).encode()',
        'return "".join(parts).encode()',
        (f"{VAULT}::test_different_places_are_bound_differently",),
    ),
    Mutant(
        "sealed-under-the-oldest",
        "Secrets are sealed under the newest key.",
        "pipewise/vault.py",
        "self._newest = next(iter(self._ciphers))",
        "self._newest = next(reversed(self._ciphers))",
        (f"{VAULT}::test_rotation_seals_under_the_newest_and_opens_under_any",),
    ),
    Mutant(
        "backup-without-checkpoints",
        "A backup holds the memory of the conversations too.",
        "pipewise/backup.py",
        "    if settings.checkpoint_path.exists():\n        sources",
        "    if not settings.checkpoint_path:\n        sources",
        (f"{BACKUP}::test_both_databases_are_in_the_archive",),
    ),
    Mutant(
        "restored-messages-sent",
        "What may have been sent since a backup is not sent by itself after it is restored.",
        "pipewise/restore.py",
        'waiting = outbox.c.state.in_(("pending", "sending"))',
        'waiting = outbox.c.state.in_(("sending",))',
        (f"{BACKUP}::test_what_may_have_been_sent_since_is_not_sent_by_itself",),
    ),
    Mutant(
        "damaged-archive-restored",
        "A changed byte of an archive is noticed before anything is replaced.",
        "pipewise/backup_archive.py",
        "    if found != expected:\n",
        "    if found.bytes != expected.bytes:\n",
        (f"{BACKUP}::test_a_member_that_is_not_what_the_manifest_says_is_refused",),
    ),
    Mutant(
        "newer-schema-accepted",
        "A schema that is newer than the code is refused.",
        "pipewise/storage/migrate.py",
        "    if current.revision is not None and current.revision not in known:\n",
        "    if current.revision is not None and not known:\n",
        ("tests/integration/core/test_migrations.py::test_a_newer_schema_is_refused_in_one_clear_line",),
    ),
)
