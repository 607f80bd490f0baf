"""What may be typed after `pipewise`, and what `--help` says of it."""

import argparse
import importlib.metadata
import sys
from collections.abc import Callable

SERVICE_PORT, SANDBOX_PORT = 8000, 8900
ROLES = ("viewer", "operator", "admin")
SUITES = ("intent", "scenarios")
EVENT_STATES = ("accepted", "processed", "ignored", "dead_letter")

Add = Callable[[str, str], argparse.ArgumentParser]
"""Adds a command by its name and what it does."""


class ShowVersion(argparse.Action):
    """Looked up when asked for: reading the metadata costs more than the rest of the parser."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        try:
            version = importlib.metadata.version("pipewise")
        except importlib.metadata.PackageNotFoundError:
            version = "(not installed)"
        # `parser.exit` would write to stderr.
        sys.stdout.write(f"pipewise {version}\n")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """The parsed `command` is the full name, such as `users add`."""
    parser = argparse.ArgumentParser(prog="pipewise", description="Answers inbound leads and books the meeting.")
    parser.add_argument("--version", action=ShowVersion, nargs=0, help="show the version and exit")
    add, add_group = _open_level(parser)
    _add_services(add)
    add("migrate", "bring the database schema to head")
    add("doctor", "check the set-up and say the fix for each finding")
    _add_backups(add)
    _add_users(add_group("users", "people and programs that may use the API"))
    _add_tokens(add_group("tokens", "API tokens"))
    add_group("keys", "master keys")("rotate", "seal every stored secret anew under the newest master key")
    add_group("audit", "the record of who did what")("verify", "check every chain; exit 1 if one is not sound")
    _add_events(add_group("events", "the inbox, dead letters above all"))
    _add_replay(add)
    _add_evaluation(add)
    return parser


def _open_level(parser: argparse.ArgumentParser, prefix: str = "") -> tuple[Add, Callable[[str, str], Add]]:
    """Adders of commands and of groups below `parser`."""
    level = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(name: str, about: str) -> argparse.ArgumentParser:
        command = level.add_parser(name, help=about, description=about)
        command.set_defaults(command=prefix + name)
        return command

    def add_group(name: str, about: str) -> Add:
        return _open_level(level.add_parser(name, help=about, description=about), f"{prefix}{name} ")[0]

    return add, add_group


def _add_services(add: Add) -> None:
    serve = add("serve", "API, webhooks and worker in one process")
    _add_address(serve, SERVICE_PORT)
    serve.add_argument(
        "--no-worker", dest="worker", action="store_false", help="only receive and store; lanes are worked elsewhere"
    )
    add("worker", "only work on what other processes receive; any number of them on one PostgreSQL")
    _add_address(add("sandbox", "the vendors on loopback, with a phone page and faults"), SANDBOX_PORT)
    demo = add("demo", "a scripted lead from first message to a booked meeting")
    demo.add_argument("--once", action="store_true", help="exit after the script, 0 only if the meeting is booked")


def _add_backups(add: Add) -> None:
    backup = add("backup", "one consistent archive of an embedded installation, without keys, while it runs")
    backup.add_argument("file", metavar="FILE")
    restore = add("restore", "put a backup back; the service must be stopped")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--force", action="store_true", help="replace the data that is there")


def _add_users(add: Add) -> None:
    command = add("add", "add a user and print their token once")
    command.add_argument("email", metavar="EMAIL")
    command.add_argument("--role", required=True, choices=ROLES)
    command.add_argument(
        "--account", metavar="EMAIL", help="join this user's account; default: an account of their own"
    )
    command.add_argument("--password", action="store_true", help="ask for a password, as `users password` does")
    password = add("password", "set a user's password: asked for, or the first line of the standard input")
    password.add_argument("email", metavar="EMAIL")
    add("list", "every user")


def _add_tokens(add: Add) -> None:
    command = add("create", "make a token and print it once")
    command.add_argument("--user", required=True, metavar="EMAIL")
    command.add_argument("--name", default="", help="what it is for")
    command.add_argument("--scope", choices=ROLES, help="the role that it may act as at most; default: its user's")
    command.add_argument("--expires-days", type=_count, metavar="DAYS", help="default: it works until it is revoked")
    add("list", "every token, without its value")
    add("revoke", "end a token").add_argument("id", metavar="ID")


def _add_events(add: Add) -> None:
    command = add("list", "newest first")
    command.add_argument("--status", choices=(*EVENT_STATES, "all"), default="dead_letter")
    command.add_argument("--limit", type=_count, default=100)
    replay = add("replay", "give dead letters another life")
    replay.add_argument("ids", metavar="ID", nargs="*")
    replay.add_argument("--all", action="store_true", help="every dead letter that has a lead, of every account")


def _add_replay(add: Add) -> None:
    command = add("replay", "run a lead's turns again from their journals, without network, and compare")
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("--lead", metavar="ID")
    which.add_argument("--all", action="store_true", help="every lead")
    command.add_argument("--run", metavar="ID", help="one turn; default: every committed one")
    command.add_argument("--verify", action="store_true", required=True, help="exit 1 if a turn comes out differently")


def _add_evaluation(add: Add) -> None:
    command = add("eval", "measure against labelled examples; exit 1 if a stated limit does not hold")
    command.add_argument("--suite", choices=SUITES, default="intent", help="what to measure (default %(default)s)")
    command.add_argument("--data", metavar="FILE", help="JSON lines of {text, label, lang, source}")
    command.add_argument(
        "--model", metavar="SPEC", default="offline", help="as in PIPEWISE_MODEL (default %(default)s)"
    )
    command.add_argument("--json", metavar="FILE", help="where the figures go (default eval-SUITE.json)")
    command.add_argument(
        "--trials", type=_count, default=4, help="how often each scenario is lived through (default %(default)s)"
    )
    command.add_argument("--only", metavar="NAME", help="only scenarios with this in their name, such as book or -pt-")


def _add_address(command: argparse.ArgumentParser, port: int) -> None:
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    command.add_argument("--port", type=_port, default=port, help="port to listen on (default %(default)s)")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000")
    return int(text)
