"""Cursors open only as they were written, and only for their own list."""

from datetime import UTC, datetime

import pytest

from api.cursors import page_of, page_of_short_list, read_cursor, write_cursor
from api.dependencies import Page
from pipewise.errors import InvalidInput

AT = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


def test_a_cursor_gives_back_what_it_was_made_of() -> None:
    assert read_cursor("leads", write_cursor("leads", AT, 7, "é|x")) == (AT, 7, "é|x")


@pytest.mark.parametrize("cursor", ["", "x", "!", "====", "AAAAAAAAAAAA", "é", "A" * 400])
def test_what_was_never_written_does_not_open(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        read_cursor("leads", cursor)


def test_no_changed_cursor_opens() -> None:
    cursor = write_cursor("leads", AT, "id")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place in range(len(cursor)):
        for letter in alphabet:
            changed = cursor[:place] + letter + cursor[place + 1 :]
            if changed == cursor:
                continue
            with pytest.raises(InvalidInput):
                read_cursor("leads", changed)


def test_a_cursor_of_another_list_does_not_open() -> None:
    with pytest.raises(InvalidInput):
        read_cursor("tasks", write_cursor("leads", AT, "id"))


def test_a_page_tells_of_more_only_if_there_is_more() -> None:
    def position(row: int) -> str:
        return f"after {row}"

    assert page_of(Page(2, None), [1, 2, 3], str, position) == {"items": ["1", "2"], "next_cursor": "after 2"}
    assert page_of(Page(2, None), [1, 2], str, position) == {"items": ["1", "2"], "next_cursor": None}
    assert page_of(Page(2, None), [], str, position) == {"items": [], "next_cursor": None}


def test_a_short_list_is_paged_to_its_end() -> None:
    first = page_of_short_list("users", Page(2, None), [1, 2, 3], str)
    last = page_of_short_list("users", Page(2, first["next_cursor"]), [1, 2, 3], str)
    assert (first["items"], last) == (["1", "2"], {"items": ["3"], "next_cursor": None})
