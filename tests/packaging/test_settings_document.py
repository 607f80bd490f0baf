"""docs/settings.md against the code: every key with its default, every example accepted, the tables of checklist and prices."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from api.settings_schema import EXAMPLES
from pipewise.account_settings import PRICE_TABLE
from pipewise.qualification_rules import BANT
from pipewise.settings_document import change_document, defaults
from tests.packaging.tree import ROOT

DOCUMENT = (ROOT / "docs" / "settings.md").read_text()
ROWS = dict(re.findall(r"^\| `([\w.]+)` \| (`[^`]*`|below) \|", DOCUMENT, flags=re.MULTILINE))
BLOCKS = re.findall(r"```json\n(.*?)```", DOCUMENT, flags=re.DOTALL)
OWN_TABLES = {"qualification.checklist", "price_table"}


def leaves(document: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, Mapping) and place + key not in OWN_TABLES:
            yield from leaves(value, f"{place}{key}.")
        else:
            yield place + key, value


def test_every_key_is_there_with_its_default() -> None:
    expected = {key: value for key, value in leaves(defaults()) if key not in OWN_TABLES}
    shown = {key: json.loads(value.strip("`")) for key, value in ROWS.items() if value != "below"}
    assert shown == expected
    assert {key for key, value in ROWS.items() if value == "below"} == OWN_TABLES


def test_every_top_key_has_an_example() -> None:
    shown = {key for text in BLOCKS for key in json.loads(text)} | {"company", "timezone", "fallback_booking_url"}
    assert shown == set(defaults())


@pytest.mark.parametrize("text", BLOCKS, ids=lambda text: re.findall(r'"(\w+)"', text)[0])
def test_every_example_is_accepted(text: str) -> None:
    document, _ = change_document({}, json.loads(text))
    assert document == json.loads(text)


def test_the_yaml_shown_is_accepted() -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, flags=re.DOTALL)
    _, settings = change_document({}, {"qualification": text})
    assert [item.key for item in settings.qualification.checklist] == ["need", "mail"]
    assert settings.qualification.thresholds.qualified == 100


def test_the_call_shown_is_accepted() -> None:
    (body,) = re.findall(r"-d '([^']+)'", DOCUMENT)
    assert change_document({}, json.loads(body))[1].company == "Acme"


def test_the_checklist_and_the_prices_are_the_defaults() -> None:
    items = re.findall(r"^\| `(\w+)` \| (\d+) \| `(\w+)` \|$", DOCUMENT, flags=re.MULTILINE)
    assert [(key, int(weight), kind) for key, weight, kind in items] == [
        (item.key, item.weight, item.kind) for item in BANT
    ]
    prices = re.findall(r"^\| `([\w.-]+)` \| ([\d.]+) \| ([\d.]+) \|$", DOCUMENT, flags=re.MULTILINE)
    assert {model: (float(given), float(taken)) for model, given, taken in prices} == {
        model: (price.input_per_million_usd, price.output_per_million_usd) for model, price in PRICE_TABLE.items()
    }


def test_every_example_of_the_description_is_accepted() -> None:
    for example in EXAMPLES:
        assert change_document({}, example)[0] == example
