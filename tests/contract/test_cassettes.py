"""What holds for every cassette: labelled, complete, and without a secret."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.cassettes import CASSETTES, KEPT_ANSWER_HEADERS, KEPT_REQUEST_HEADERS
from tests.contract.record import find_recordings

RECORDINGS = find_recordings()
SECRET_ENDINGS = ("token", "secret", "key")
FILES = sorted(CASSETTES.glob("*/*.yaml"))


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@pytest.mark.parametrize("platform", sorted(RECORDINGS))
def test_every_scenario_has_its_cassette_and_every_cassette_its_scenario(platform: str) -> None:
    recorded = {path.stem for path in FILES if path.parent.name == platform}
    assert recorded == {scenario.name for scenario in RECORDINGS[platform].scenarios}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_cassette_is_labelled_and_holds_no_secret(path: Path) -> None:
    cassette, text = load(path), path.read_text()
    assert cassette["metadata"]["recorded_from"].startswith("recorded from ")
    assert datetime.fromisoformat(cassette["metadata"]["frozen_at"]).tzinfo is not None
    for interaction in cassette["interactions"]:
        assert {name.lower() for name in interaction["request"]["headers"]} <= KEPT_REQUEST_HEADERS
        assert {name.lower() for name in interaction["response"]["headers"]} <= KEPT_ANSWER_HEADERS
    assert "bearer" not in text.lower()
    for name, (_, sample) in RECORDINGS[path.parent.name].given.items():
        assert sample not in text or not name.endswith(SECRET_ENDINGS)
