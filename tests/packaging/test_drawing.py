"""The picture of the graph in ARCHITECTURE.md is of the graph that is built."""

import pytest

from graph.drawing import DOCUMENT, draw, insert


def test_the_picture_is_current() -> None:
    assert insert(DOCUMENT.read_text(), draw()) == DOCUMENT.read_text(), "python -m graph.drawing"


def test_a_document_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        insert("# Nothing here", draw())
