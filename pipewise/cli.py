"""The `pipewise` command. Exit codes: 0 fine, 1 the thing asked for did not hold, 2 bad usage or settings."""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from pipewise.cli_usage import SANDBOX_PORT, SERVICE_PORT, build_parser
from pipewise.errors import InvalidInput, PipewiseError, SettingsError
from pipewise.storage.sqlite import install_sound_sqlite

if TYPE_CHECKING:
    from pipewise.resources import Resources

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415

FINE, NOT_HELD, BAD_USAGE = 0, 1, 2
INTERRUPTED = 130  # 128 + SIGINT, as shells count

Arguments = argparse.Namespace
Command = Callable[[Arguments], int]
Result = TypeVar("Result")


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
        return _fail(error.message, BAD_USAGE)
    except PipewiseError as error:
        return _fail(error.message, NOT_HELD)
    except _database_errors() as error:
        from pipewise.doctor_database import first_line

        return _fail(f"The database does not answer as it should: {first_line(error)}", NOT_HELD)
    except OSError as error:
        return _fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}", NOT_HELD)
    except KeyboardInterrupt:
        return INTERRUPTED


def _database_errors() -> tuple[type[Exception], ...]:
    """Asked only when something was raised: a command that loaded no database raised none of its errors."""
    module = sys.modules.get("sqlalchemy.exc")
    return (module.SQLAlchemyError,) if module else ()


def _fail(message: str, code: int) -> int:
    _note(f"pipewise: {' '.join(message.split())}")
    return code


def _note(message: str) -> None:
    """For the person at the terminal; stdout carries the answer alone."""
    print(message, file=sys.stderr, flush=True)


def _show(lines: Iterable[str]) -> int:
    for line in lines:
        print(line, flush=True)
    return FINE


# --- long-running -----------------------------------------------------------------------------------------------------


def serve(arguments: Arguments) -> int:
    from api.app import create_app
    from api.server import serve as serve_app
    from pipewise.instance_lock import hold_instance
    from pipewise.keys import load_first_token
    from pipewise.logs import configure_logging, mask_of
    from pipewise.settings import load_settings
    from pipewise.startup import StartupWatch

    settings = load_settings()
    with hold_instance(settings):
        url = _claim_address(arguments)
        token, is_new = load_first_token(settings)
        configure_logging(mask_of(settings, token), sys.stderr)
        _show([f"PipeWise on {url}, API description at {url}/docs, data in {settings.data_dir.absolute()}"])
        if is_new:
            _show([f"Token of the first user, shown once: {token}"])
        app = StartupWatch(create_app(settings, with_worker=arguments.worker))
        try:
            started = serve_app(app, arguments.host, arguments.port)
        except SystemExit:  # how uvicorn says that it did not start
            started = False
        if app.error:
            raise app.error
    return FINE if started else NOT_HELD


def worker(_arguments: Arguments) -> int:
    from graph.worker_process import require_shared_database, work
    from pipewise.keys import load_first_token
    from pipewise.logs import configure_logging, mask_of
    from pipewise.settings import load_settings

    settings = load_settings()
    require_shared_database(settings)
    configure_logging(mask_of(settings, load_first_token(settings)[0]), sys.stderr)
    _show([f"PipeWise works for the other processes of its database, pid {os.getpid()}"])
    asyncio.run(work(settings))
    return FINE


def sandbox(arguments: Arguments) -> int:
    from pipewise.sandbox.serve import serve_sandbox
    from pipewise.settings import load_settings

    clock = load_settings().open_clock()
    url = _claim_address(arguments)
    _show([f"Vendor sandbox on {url}: switch board at {url}/, phone at {url}/phone"])
    asyncio.run(serve_sandbox(arguments.host, arguments.port, clock))
    return FINE


def demo(arguments: Arguments) -> int:
    from pipewise.clock import SystemClock
    from pipewise.demo import run_demo

    return FINE if asyncio.run(run_demo(once=arguments.once, environment=os.environ, clock=SystemClock())) else NOT_HELD


def _claim_address(arguments: Arguments) -> str:
    """The URL to show. A port that is taken is told here, in one line, and not by the server's traceback."""
    from pipewise.doctor import port_is_free

    if not port_is_free(arguments.host, arguments.port):
        raise SettingsError(
            f"{arguments.host} port {arguments.port} cannot be used: it is taken; choose another --port."
        )
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    return f"http://{host}:{arguments.port}"


# --- set-up -----------------------------------------------------------------------------------------------------------


def migrate(_arguments: Arguments) -> int:
    from pipewise.settings import load_settings
    from pipewise.storage.database import open_database
    from pipewise.storage.migrate import ensure_schema, head_schema

    async def bring_to_head() -> str:
        database = open_database(load_settings().sqlalchemy_url)
        try:
            when = "now" if await ensure_schema(database) else "already"
        finally:
            await database.close()
        head = head_schema(database.dialect)
        return f"The schema is {when} at {head.revision}{f', the queue at {head.queue}' if head.queue else ''}."

    return _show([asyncio.run(bring_to_head())])


def doctor(_arguments: Arguments) -> int:
    from pipewise.doctor import Finding, examine_installation, examine_port
    from pipewise.doctor_database import examine_database
    from pipewise.settings import load_settings

    settings = load_settings()
    clock = settings.open_clock()

    async def examine() -> list[Finding]:
        return [
            *examine_installation(settings, clock),
            *[finding async for finding in examine_database(settings, clock)],
            await examine_port("service", SERVICE_PORT, "/healthz"),
            await examine_port("sandbox", SANDBOX_PORT, "/_sandbox/health"),
        ]

    findings = asyncio.run(examine())
    _show(finding.line() for finding in findings)
    return FINE if all(finding.ok for finding in findings) else NOT_HELD


# --- accounts, keys, events -------------------------------------------------------------------------------------------


def _with_resources(work: Callable[["Resources"], Awaitable[Result]]) -> Result:
    from pipewise.resources import open_resources
    from pipewise.settings import load_settings

    async def run() -> Result:
        async with open_resources(load_settings()) as resources:
            if resources.new_token:
                _note(f"Token of the first user, shown once: {resources.new_token}")
            return await work(resources)

    return asyncio.run(run())


def add_user(arguments: Arguments) -> int:
    from pipewise import administration
    from pipewise.storage.accounts import Role

    role = Role(arguments.role)
    user, token = _with_resources(lambda r: administration.add_user(r, arguments.email, role, arguments.account))
    _note(f"Added {user.email} as {user.role} of account {user.account_id}. The token, shown once:")
    return _show([token])


def list_users(_arguments: Arguments) -> int:
    from pipewise import administration

    return _show(_with_resources(administration.list_users))


def create_token(arguments: Arguments) -> int:
    from pipewise import administration

    token = _with_resources(lambda r: administration.create_token(r, arguments.user, arguments.name))
    _note(f"A token of {arguments.user}, shown once:")
    return _show([token])


def list_tokens(_arguments: Arguments) -> int:
    from pipewise import administration

    return _show(_with_resources(administration.list_tokens))


def revoke_token(arguments: Arguments) -> int:
    from pipewise import administration

    _with_resources(lambda r: administration.revoke_token(r, arguments.id))
    return _show([f"Token {arguments.id} is revoked."])


def rotate_keys(_arguments: Arguments) -> int:
    from pipewise.key_rotation import rotate_keys as reseal

    rotation = _with_resources(lambda r: reseal(r.database, r.vault))
    for column, count in rotation.resealed.items():
        print(f"{column}: {count} sealed anew, {rotation.current[column]} already under the newest key")
    for line in rotation.unreadable:
        _note(f"does not open: {line}")
    return FINE if rotation.complete else NOT_HELD


def list_events(arguments: Arguments) -> int:
    from pipewise import administration

    status = None if arguments.status == "all" else arguments.status
    return _show(_with_resources(lambda r: administration.list_events(r, status, arguments.limit)))


def replay_events(arguments: Arguments) -> int:
    from pipewise import administration

    return _show(_with_resources(lambda r: administration.replay_events(r, arguments.ids)))


COMMANDS: dict[str, Command] = {
    "serve": serve,
    "worker": worker,
    "sandbox": sandbox,
    "demo": demo,
    "migrate": migrate,
    "doctor": doctor,
    "users add": add_user,
    "users list": list_users,
    "tokens create": create_token,
    "tokens list": list_tokens,
    "tokens revoke": revoke_token,
    "keys rotate": rotate_keys,
    "events list": list_events,
    "events replay": replay_events,
}
