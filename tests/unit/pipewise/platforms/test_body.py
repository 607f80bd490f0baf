"""Decoding of bodies that strangers send."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipewise.errors import MalformedPayload
from pipewise.platforms.body import MAX_DEPTH, MAX_DIGITS, read_json


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{} {}",
        b"NaN",
        b"[Infinity]",
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'"\xff"',
        b"\x00",
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'{"a":' * 100_000,
        b"9" * (MAX_DIGITS + 1),
        b"-" + b"9" * 5000,
    ],
)
def test_what_is_not_clean_json_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPayload):
        read_json(body)


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_brackets_inside_texts_do_not_count_as_nesting() -> None:
    assert read_json(json.dumps(["[]" * 500]).encode()) == ["[]" * 500]


@pytest.mark.parametrize("character", ["\\u0000", "\\ud83d", "\\udfff"])
def test_characters_that_no_database_stores_are_replaced(character: str) -> None:
    assert read_json(f'{{"a{character}": ["b{character}"]}}'.encode()) == {"a\ufffd": ["b\ufffd"]}


def test_a_surrogate_pair_is_one_character() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "😀"


@settings(deadline=None, database=None)
@given(st.binary(max_size=80))
def test_no_bytes_do_more_than_fail(body: bytes) -> None:
    try:
        read_json(body)
    except MalformedPayload:
        return
