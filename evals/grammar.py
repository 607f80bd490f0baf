"""Grammars of lead messages: templates with choices and slots, and the messages that they can say.

`@name a | b` is a slot, `= label` opens a label, every other line is a template: `(a|b)` is a choice, `{name}` a slot,
and a line with ` | ` outside of brackets is several templates.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_CHOICE = re.compile(r"\(([^()]*)\)")
_SLOT = re.compile(r"\{(\w+)\}")
_DEEPEST = 4  # slots that name slots


@dataclass
class Grammar:
    slots: dict[str, list[str]] = field(default_factory=dict)
    templates: dict[str, list[str]] = field(default_factory=dict)

    def say(self, template: str, draw: random.Random) -> str:
        """One message of a template."""
        text = _CHOICE.sub(lambda found: draw.choice(found[1].split("|")), template)
        for _ in range(_DEEPEST):
            text = _SLOT.sub(lambda found: draw.choice(self.slots[found[1]]), text)
        return _tidy(text)


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r" +([,.!])", r"\1", text)


def read_grammar(path: Path) -> Grammar:
    """Raises ValueError for a line that stands outside of a label, or a slot that is not there."""
    grammar, label = Grammar(), ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("@"):
            name, _, values = line[1:].partition(" ")
            grammar.slots[name] = [value.strip() for value in values.split("|")]
        elif line.startswith("= "):
            label = line[2:].strip()
            grammar.templates.setdefault(label, [])
        elif not label:
            raise ValueError(f"{path.name}: a template outside of a label: {line}")
        else:
            grammar.templates[label] += _split(line)
    _check(path.name, grammar)
    return grammar


def _split(line: str) -> list[str]:
    if " | " in _CHOICE.sub("", line):
        return [part.strip() for part in line.split(" | ")]
    return [line]


def _check(name: str, grammar: Grammar) -> None:
    lines = [line for lines in (*grammar.templates.values(), *grammar.slots.values()) for line in lines]
    unknown = {slot for line in lines for slot in _SLOT.findall(line)} - set(grammar.slots)
    if unknown:
        raise ValueError(f"{name}: no slot is called {', '.join(sorted(unknown))}")


def spread(counts: Mapping[str, int], templates: Mapping[str, list[str]]) -> dict[str, int]:
    """How many messages each template of a label should give."""
    return {label: -(-count // len(templates[label])) for label, count in counts.items() if templates.get(label)}
