"""Prompts, one per Markdown file, read once when the graph is built."""

import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

_PLACE = re.compile(r"\{(company|language|context)\}")
# What a lead wrote stands inside the prompt's context block and must not be able to close it.
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


def load_prompt(name: str) -> str:
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip()


def fill_prompt(prompt: str, context: Mapping[str, Any], *, company: str = "", language: str = "") -> str:
    """The prompt with its places filled, in one pass: what fills a place is not searched for places."""
    document = json.dumps(context, ensure_ascii=False).translate(_MARKUP)
    values = {"company": _plain(company) or "the company", "language": language, "context": document}
    return _PLACE.sub(lambda found: values[found[1]], prompt)


def _plain(text: str) -> str:
    return " ".join(text.translate({ord("<"): " ", ord(">"): " "}).split())
