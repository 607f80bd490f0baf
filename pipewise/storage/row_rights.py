"""Who may do what with which rows in PostgreSQL, as tables: read them to know what row-level security lets through."""

from pipewise.storage.tenancy import ACCOUNT_SETTING, Key

OWN, EVERY = "own_account", "every_account"  # the policies
# Of nobody the setting is empty on a connection that was somebody's: NULL is like no account. Asked once for each statement, so
# that indexes serve it.
SETTING = f"nullif(current_setting('{ACCOUNT_SETTING}', true), '')"
ACCOUNT = f"(SELECT {SETTING})"

# Tables of tenants that have no `account_id`, and what tells that a row is the account's.
OWN_ROWS = {
    "accounts": f"id = {ACCOUNT}",
    "api_tokens": "user_id IN (SELECT users.id FROM users)",  # of which the policy of `users` leaves the account's
}
# Tables of no tenant: what the application may do there.
SHARED_TABLES = {
    "alembic_version": "SELECT",
    "key_checks": "SELECT, INSERT, DELETE",  # proofs of master keys
    "checkpoint_migrations": "SELECT",
}
QUEUE_PREFIX = "procrastinate_"  # wake-ups: ids of leads, nothing of what they are
APPEND_ONLY = {"audit_entries"}  # they go with their account alone
# The rows of a conversation carry the account whose transaction wrote them.
CHECKPOINT_TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")

SYSTEM_RIGHTS = {
    # The first user; users and tokens of the command line; which accounts there are.
    "accounts": "SELECT, INSERT",
    "users": "SELECT, INSERT, UPDATE (password)",
    "sessions": "SELECT, DELETE",
    # Their end; a rotation of keys.
    "idempotency_keys": "SELECT (id, account_id, key, created_at, sealed), UPDATE (sealed), DELETE",
    "crons": "SELECT",
    "integration_polls": "SELECT",
    "api_tokens": "SELECT, INSERT, UPDATE",
    # What the command line did, and the chains' heads: verified, written elsewhere, sealed anew.
    "audit_entries": "SELECT, INSERT",
    "audit_heads": "SELECT, INSERT, UPDATE",
    # Lanes tell which lead has work, and for how long a worker holds it.
    "lanes": "SELECT, UPDATE",
    # Callbacks of many accounts; health; a rotation of keys.
    "integrations": "SELECT, UPDATE (credentials, previous_credentials)",
    "integration_health": "SELECT, INSERT, UPDATE (looked_at)",
    "integration_changes": "SELECT (id, created_at), DELETE",
    "integration_tokens": "SELECT",
    "oauth_states": "SELECT",
    # A rotation of keys, retention.
    "meetings": "SELECT (id, account_id, links), UPDATE (links)",
    "events": "SELECT, UPDATE (sealed)",
    "journal": "SELECT (id, account_id, sealed, created_at), UPDATE (sealed), DELETE",
    # Which are due, or were left by a process that is gone.
    "lead_merges": "SELECT",
    "threads": "SELECT",
    "thread_runs": "SELECT, UPDATE (holder, held_until)",
    # The newest number of all; which thread is which lead's.
    "usage": "SELECT (seq)",
    "leads": "SELECT (id, account_id, thread_id, checkpoint_id)",
    "checkpoints": "SELECT, UPDATE (checkpoint)",
    "checkpoint_writes": "SELECT, UPDATE (blob)",
}

# Each answers for one exact key with an account's id or a yes or no, or with a number.
FUNCTIONS = {
    f"{Key.TOKEN} (given text) RETURNS text": (
        "SELECT users.account_id FROM api_tokens JOIN users ON users.id = api_tokens.user_id"
        " WHERE api_tokens.digest = given"
    ),
    f"{Key.SESSION} (given text) RETURNS text": "SELECT account_id FROM sessions WHERE digest = given",
    f"{Key.INTEGRATION} (given text) RETURNS text": "SELECT account_id FROM integrations WHERE id = given",
    f"{Key.LANE} (given text) RETURNS text": "SELECT account_id FROM lanes WHERE lead_id = given",
    f"{Key.EMAIL} (given text) RETURNS text": "SELECT account_id FROM users WHERE email = given",
    f"{Key.CRON} (given text) RETURNS text": "SELECT account_id FROM crons WHERE cron_id = given",
    f"{Key.CONSENT} (given text) RETURNS text": "SELECT account_id FROM oauth_states WHERE id = given",
    "newest_usage () RETURNS bigint": "SELECT max(seq) FROM usage",
    "email_is_taken (given text) RETURNS boolean": "SELECT EXISTS (SELECT FROM users WHERE email = given)",
}
