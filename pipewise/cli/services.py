"""Commands that go on until they are stopped."""

import asyncio
import os
import sys

from pipewise.cli.output import FINE, NOT_HELD, Arguments, show
from pipewise.errors import SettingsError

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415


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
        show([f"PipeWise on {url}, API description at {url}/docs, data in {settings.data_dir.absolute()}"])
        if is_new:
            show([f"Token of the first user, shown once: {token}"])
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
    show([f"PipeWise works for the other processes of its database, pid {os.getpid()}"])
    asyncio.run(work(settings))
    return FINE


def sandbox(arguments: Arguments) -> int:
    from pipewise.sandbox.serve import serve_sandbox
    from pipewise.settings import load_settings

    clock = load_settings().open_clock()
    url = _claim_address(arguments)
    show([f"Vendor sandbox on {url}: switch board at {url}/, phone at {url}/phone"])
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
