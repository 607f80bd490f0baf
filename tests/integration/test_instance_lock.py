"""One process serves an embedded installation."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipewise.errors import SettingsError
from pipewise.instance_lock import hold_instance, hold_lock
from pipewise.settings import Settings, load_settings
from tests.integration.command_line import environment


def settings(folder: Path, **more: str) -> Settings:
    return load_settings(_env_file=None, data_dir=folder, **more)


def test_a_second_holder_of_the_folder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    with hold_instance(settings(tmp_path)), pytest.raises(SettingsError), hold_instance(settings(tmp_path)):
        pytest.fail("two processes would serve one folder")
    with hold_instance(settings(tmp_path)):
        pass


def test_two_folders_do_not_share_one_database_file(tmp_path: Path) -> None:
    shared = f"sqlite+aiosqlite:///{tmp_path / 'shared.db'}"
    one, two = (settings(tmp_path / name, database_url=shared) for name in ("one", "two"))
    with hold_instance(one), pytest.raises(SettingsError), hold_instance(two):
        pytest.fail("two processes would serve one database")


def test_postgresql_is_shared_by_any_number(tmp_path: Path) -> None:
    shared = settings(tmp_path, database_url="postgresql+psycopg://db.example/leads")
    with hold_instance(shared), hold_instance(shared):
        assert list(tmp_path.iterdir()) == []


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    program = (
        "import os, signal; from pathlib import Path; from pipewise.instance_lock import hold_lock\n"
        f"with hold_lock(Path({str(tmp_path / 'serve.lock')!r})): os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program], env=environment(), check=False)
    assert done.returncode == -9
    with hold_lock(tmp_path / "serve.lock"):
        pass
