"""Commands that bring an installation into being, look at it, and keep copies of it."""

import asyncio

from pipewise.cli.output import BAD_USAGE, FINE, NOT_HELD, Arguments, fail, show
from pipewise.cli.usage import SANDBOX_PORT, SERVICE_PORT

# Commands import what they need when they run: `pipewise --version` loads neither LangGraph nor the database.
# ruff: noqa: PLC0415


def migrate(_arguments: Arguments) -> int:
    from graph.checkpoints import ensure_tables
    from pipewise.settings import load_settings
    from pipewise.storage.database import open_database
    from pipewise.storage.migrate import ensure_schema, head_schema

    async def bring_to_head() -> str:
        settings = load_settings()
        database = open_database(settings.sqlalchemy_url)
        try:
            changed = await ensure_schema(database)
        finally:
            await database.close()
        when = "now" if await ensure_tables(settings) or changed else "already"
        head = head_schema(database.dialect)
        return f"The schema is {when} at {head.revision}{f', the queue at {head.queue}' if head.queue else ''}."

    return show([asyncio.run(bring_to_head())])


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
    show(finding.line() for finding in findings)
    for finding in findings:
        if finding.unusable:
            return fail(f"{finding.detail}; {finding.fix}.", BAD_USAGE)
    return FINE if all(finding.ok for finding in findings) else NOT_HELD


def back_up(arguments: Arguments) -> int:
    from pipewise.cli.archive import run_backup

    return show(run_backup(arguments))


def restore(arguments: Arguments) -> int:
    from pipewise.cli.archive import run_restore

    return show(run_restore(arguments))
