"""The graph's picture in ARCHITECTURE.md: `python -m graph.drawing` writes it anew."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from graph.main import Collaborators, build_graph

DOCUMENT = Path(__file__).parents[1] / "ARCHITECTURE.md"
_BLOCK = re.compile(r"(<!-- drawn by graph/drawing\.py -->\n```mermaid\n).*?(\n```)", re.DOTALL)


def draw() -> str:
    """Mermaid; the agents' own steps stand inside them. Nobody is asked for a drawing, so nobody is there."""
    nobody: Any = None
    parts = Collaborators(*[nobody] * len(fields(Collaborators)))
    drawn: str = build_graph(parts).compile(name="pipewise").get_graph(xray=True).draw_mermaid()
    return drawn.strip()


def insert(document: str, drawing: str) -> str:
    """The document with this picture in its place. Raises ValueError if it has no such place."""
    if not _BLOCK.search(document):
        raise ValueError("the document has no place for the picture")
    return _BLOCK.sub(lambda found: found[1] + drawing + found[2], document)


if __name__ == "__main__":
    DOCUMENT.write_text(insert(DOCUMENT.read_text(), draw()))
