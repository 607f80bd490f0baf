"""The set-up examined without changing it: one finding a line, and the fix for each that fails."""

import asyncio
import importlib.metadata
import os
import socket
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipewise.clock import Clock
from pipewise.crash import CRASH_POINTS, CrashPoints
from pipewise.errors import SettingsError
from pipewise.keys import KEY_FILE, TOKEN_FILE
from pipewise.settings import Environment, Settings
from pipewise.storage.sqlite import SOUND_VERSION, sqlite_version

OWN_PACKAGES = ("api", "graph", "nodes", "pipewise", "tools")
OLDEST_PYTHON = (3, 11)
EARLIEST_SANE = datetime(2026, 1, 1, tzinfo=UTC)  # no release is older
LATEST_SANE = datetime(2100, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(
    minutes=5
)  # Meta, Calendly and Standard Webhooks sign with times that may be off by minutes at most
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANSWER_SECONDS = 2.0
OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Finding:
    name: str
    detail: str
    fix: str | None = None
    unusable: bool = False  # with this release nothing can be done with the installation

    @property
    def ok(self) -> bool:
        return self.fix is None

    def line(self) -> str:
        return f"ok {self.name}: {self.detail}" if self.fix is None else f"!! {self.name}: {self.detail} — {self.fix}"


def examine_installation(settings: Settings, clock: Clock) -> list[Finding]:
    """Everything but the database."""
    return [
        examine_python(sys.version_info[:3]),
        examine_sqlite(sqlite_version()),
        examine_owners(importlib.metadata.packages_distributions()),
        examine_data_folder(settings.data_dir),
        *(examine_key_file(settings.data_dir / name) for name in (KEY_FILE, TOKEN_FILE)),
        examine_public_url(settings),
        examine_models(settings),
        examine_clock(clock.now(), list(_written_files(settings.data_dir))),
        examine_zones("Europe/Lisbon"),
        examine_crash_points(settings),
    ]


def examine_python(version: Sequence[int]) -> Finding:
    shown = ".".join(map(str, version))
    fix = None if tuple(version) >= OLDEST_PYTHON else "install Python 3.11 or newer and set the environment up again"
    return Finding("python", shown, fix)


def examine_sqlite(version: tuple[int, int, int]) -> Finding:
    shown, sound = (".".join(map(str, one)) for one in (version, SOUND_VERSION))
    if version >= SOUND_VERSION:
        return Finding("sqlite", shown)
    return Finding(
        "sqlite", f"{shown} can corrupt a database with two writers", f"install `pysqlite3` ({sound} or newer)"
    )


def examine_owners(owners: Mapping[str, Sequence[str]]) -> Finding:
    """Another distribution with a top-level package of one of our names would be imported in its place."""
    missing = [name for name in OWN_PACKAGES if "pipewise" not in owners.get(name, ())]
    foreign = sorted({other for name in OWN_PACKAGES for other in owners.get(name, ()) if other != "pipewise"})
    if foreign:
        return Finding("packages", f"{', '.join(foreign)} also installs one of {', '.join(OWN_PACKAGES)}", "remove it")
    if missing:
        return Finding("packages", f"{', '.join(missing)} not installed as part of pipewise", "run `make install`")
    return Finding("packages", f"{', '.join(OWN_PACKAGES)} belong to pipewise alone")


def examine_data_folder(folder: Path) -> Finding:
    shown = str(folder.absolute())
    if not folder.exists():
        parent = next(parent for parent in folder.absolute().parents if parent.exists())
        if parent.is_dir() and os.access(parent, os.W_OK):
            return Finding("data folder", f"{shown} will be made at the first start")
        return Finding("data folder", f"{shown} cannot be made", "set PIPEWISE_DATA_DIR to a folder you may write to")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Finding("data folder", f"{shown} cannot be written to", "set PIPEWISE_DATA_DIR, or change its owner")
    return Finding("data folder", shown)


def examine_key_file(path: Path) -> Finding:
    if not path.exists():
        return Finding(path.name, "not in the data folder; made at the first start unless the settings hold one")
    mode = stat.S_IMODE(path.stat().st_mode)
    fix = f"chmod 600 {path.absolute()}" if mode & OTHERS else None
    return Finding(path.name, f"mode {mode:04o}", fix)


def examine_public_url(settings: Settings) -> Finding:
    """Calendly and Meta post to https alone; on loopback only the sandbox can."""
    url = urlsplit(settings.public_url)
    if url.scheme == "https":
        return Finding("public URL", settings.public_url)
    if url.hostname in LOOPBACK and settings.env is not Environment.PRODUCTION:
        return Finding(
            "public URL", f"{settings.public_url} serves the sandbox; real vendors post webhooks to https only"
        )
    return Finding(
        "public URL",
        f"{settings.public_url} is not https, and vendors post webhooks to https only",
        "set PIPEWISE_PUBLIC_URL to the https address of your proxy",
    )


def examine_models(settings: Settings) -> Finding:
    try:
        chain = settings.model_chain()
    except SettingsError as error:
        return Finding("models", error.message, "set PIPEWISE_MODEL")
    shown = " → ".join(chain)
    if any(spec.startswith("openai:") for spec in chain) and not settings.openai_api_key:
        return Finding("models", f"{shown}, but there is no key", "set OPENAI_API_KEY, or PIPEWISE_MODEL=offline")
    return Finding("models", shown)


def examine_clock(now: datetime, written: Sequence[datetime]) -> Finding:
    """`written` are times at which files of ours were changed: none of them can lie ahead."""
    fix = "set the machine's clock, best by NTP: signatures and booking times depend on it"
    if not EARLIEST_SANE <= now < LATEST_SANE:
        return Finding("clock", f"{now:%Y-%m-%d %H:%M}Z cannot be right", fix)
    newest = max(written, default=now)
    if newest > now + TOLERANCE:
        return Finding("clock", f"{now:%Y-%m-%d %H:%M}Z, but data was written at {newest:%Y-%m-%d %H:%M}Z", fix)
    return Finding("clock", f"{now:%Y-%m-%d %H:%M}Z")


def examine_zones(sample: str) -> Finding:
    try:
        ZoneInfo(sample)
    except ZoneInfoNotFoundError:
        return Finding("time zones", f"{sample} is unknown", "install the `tzdata` package")
    return Finding("time zones", "known")


def examine_crash_points(settings: Settings) -> Finding:
    known = f"{', '.join(CRASH_POINTS)} (PIPEWISE_TEST_HOOKS, with PIPEWISE_ENV=test only)"
    try:
        CrashPoints(settings.test_hooks)
    except SettingsError as error:
        return Finding("crash points", error.message, "correct PIPEWISE_TEST_HOOKS")
    active = f"; active: {', '.join(settings.test_hooks)}" if settings.test_hooks else "; none active"
    return Finding("crash points", known + active)


async def examine_port(name: str, port: int, health_path: str) -> Finding:
    """Free, or held by the very service that belongs there."""
    if port_is_free("127.0.0.1", port):
        return Finding(name, f"port {port} is free")
    if await _answers(port, health_path):
        return Finding(name, f"port {port} is served by a running one")
    return Finding(name, f"port {port} is taken by another program", "stop it, or choose another port with --port")


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do it: a connection that lingers from before does not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


async def _answers(port: int, path: str) -> bool:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            writer.write(request)
            first = await reader.readline()
    except (OSError, ValueError):
        return False
    finally:
        writer.close()
    return first.split()[1:2] == [b"200"]


def _written_files(folder: Path) -> Iterator[datetime]:
    for path in folder.glob("*"):
        yield datetime.fromtimestamp(path.stat().st_mtime, UTC)
