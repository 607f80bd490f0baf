"""YAML as far as JSON goes, and nothing of it that surprises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.yaml_text import LARGEST, read_yaml


def test_scalars_are_what_json_would_have() -> None:
    text = "a: yes\nb: no\nc: 12:30\nd: 2026-01-01\ne: true\nf: 12\ng: -1.5\nh: null\ni:\nj: 0x10\nk: 1e3\nl: '5'\nm: [é, ok]"
    assert read_yaml(text) == {
        "a": "yes",
        "b": "no",
        "c": "12:30",
        "d": "2026-01-01",
        "e": True,
        "f": 12,
        "g": -1.5,
        "h": None,
        "i": None,
        "j": "0x10",
        "k": "1e3",
        "l": "5",
        "m": ["é", "ok"],
    }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: &x 1\nb: *x", "line 2: an alias cannot be used here"),
        ("a: 1\na: 2", "line 2: a key must be a text and be there once"),
        ("? [a]\n: 1", "line 1: a key must be a text and be there once"),
        ("a: !!python/object:os.system x", "line 1: could not determine a constructor"),
        ("a: [1", "line 1"),
        ("<<: {a: 1}\nb: 'x", "line"),
        ("[" * 20_000, "is no YAML that can be read"),
        ("\u0000", "is no YAML that can be read"),
        ("x" * (LARGEST + 1), "may have 50000 characters"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.split("(", maxsplit=1)[0]):
        read_yaml(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_yaml(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017  either way is fine
