"""Keys and the first token: as configured, else made once, for the owner's eyes only."""

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipewise.errors import SettingsError
from pipewise.keys import load_first_token, load_master_keys
from pipewise.settings import Settings, load_settings


def test_configured_keys_are_taken_as_they_are(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, secret_keys="new,old", api_token="pw_" + "t" * 20)
    assert load_master_keys(settings) == ("new", "old")
    assert load_first_token(settings) == ("pw_" + "t" * 20, False)
    assert list(tmp_path.iterdir()) == []


def test_generated_ones_are_kept_private_and_told_once(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "new folder")
    (key,) = load_master_keys(settings)
    token, is_new = load_first_token(settings)
    assert len(key) >= 43
    assert token.startswith("pw_")
    assert is_new
    assert load_master_keys(settings) == (key,)
    assert load_first_token(settings) == (token, False)
    files = list(settings.data_dir.iterdir())
    assert sorted(file.name for file in files) == ["api.token", "secret.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize(("name", "load"), [("secret.key", load_master_keys), ("api.token", load_first_token)])
def test_an_empty_file_is_not_taken_for_a_secret(name: str, load: Callable[[Settings], object], tmp_path: Path) -> None:
    (tmp_path / name).write_text("\n")
    with pytest.raises(SettingsError, match=name):
        load(load_settings(data_dir=tmp_path))


def test_starters_at_once_agree(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: load_master_keys(settings), range(64)))
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
