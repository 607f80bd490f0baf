"""Commands about what was received, and what became of it."""

import asyncio

from pipewise.cli.output import FINE, NOT_HELD, Arguments, show
from pipewise.cli.resources import with_resources
from pipewise.errors import SettingsError

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415


def list_events(arguments: Arguments) -> int:
    from pipewise import administration

    status = None if arguments.status == "all" else arguments.status
    return show(with_resources(lambda r: administration.list_events(r, status, arguments.limit)))


def replay_events(arguments: Arguments) -> int:
    from pipewise import administration

    if bool(arguments.ids) == arguments.all:
        raise SettingsError("Name the events to replay, or say --all.")
    if arguments.all:
        return show(with_resources(administration.replay_every_event))
    return show(with_resources(lambda r: administration.replay_events(r, arguments.ids)))


def replay(arguments: Arguments) -> int:
    from graph.replay import replay_turns
    from pipewise.settings import load_settings

    verdicts = asyncio.run(replay_turns(load_settings(), arguments.lead, arguments.run))
    show(verdict.line() for verdict in verdicts)
    return NOT_HELD if any(verdict.problem for verdict in verdicts) else FINE
