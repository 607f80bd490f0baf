"""The `pipewise` command. Exit codes: 0 fine, 1 the thing asked for did not hold, 2 bad usage or settings."""

import os
import sys
from collections.abc import Callable, Sequence

from pipewise.cli import accounts, evaluation, events, services, setup
from pipewise.cli.output import BAD_USAGE, NOT_HELD, Arguments, fail
from pipewise.cli.usage import build_parser
from pipewise.errors import InvalidInput, PipewiseError, SettingsError
from pipewise.storage.sqlite import install_sound_sqlite

INTERRUPTED = 130  # 128 + SIGINT, as shells count

Command = Callable[[Arguments], int]


def main(argv: Sequence[str] | None = None) -> int:
    install_sound_sqlite()
    # Read by LangGraph and its libraries when they are first imported: checkpoints name no functions, traces go nowhere.
    os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")
    os.environ.setdefault("LANGSMITH_TRACING", "false")
    arguments = build_parser().parse_args(argv)
    return _run(COMMANDS[arguments.command], arguments)


def _run(command: Command, arguments: Arguments) -> int:
    """Errors that are foreseen become one line on stderr."""
    try:
        return command(arguments)
    except (SettingsError, InvalidInput) as error:
        return fail(error.message, BAD_USAGE)
    except PipewiseError as error:
        return fail(error.message, NOT_HELD)
    except _database_errors() as error:
        # Loaded only now: it brings the database's libraries.
        from pipewise.doctor_database import first_line  # noqa: PLC0415

        return fail(f"The database does not answer as it should: {first_line(error)}", NOT_HELD)
    except OSError as error:
        return fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", NOT_HELD)
    except KeyboardInterrupt:
        return INTERRUPTED


def _database_errors() -> tuple[type[Exception], ...]:
    """Asked only when something was raised: a command that loaded no database raised none of its errors."""
    known = {"sqlalchemy.exc": "SQLAlchemyError", "sqlite3": "Error"}
    return tuple(getattr(sys.modules[module], name) for module, name in known.items() if module in sys.modules)


COMMANDS: dict[str, Command] = {
    "serve": services.serve,
    "worker": services.worker,
    "sandbox": services.sandbox,
    "demo": services.demo,
    "migrate": setup.migrate,
    "doctor": setup.doctor,
    "backup": setup.back_up,
    "restore": setup.restore,
    "users add": accounts.add_user,
    "users password": accounts.set_password,
    "users list": accounts.list_users,
    "tokens create": accounts.create_token,
    "tokens list": accounts.list_tokens,
    "tokens revoke": accounts.revoke_token,
    "keys rotate": accounts.rotate_keys,
    "audit verify": accounts.verify_audit,
    "events list": events.list_events,
    "events replay": events.replay_events,
    "replay": events.replay,
    "eval": evaluation.evaluate,
}
