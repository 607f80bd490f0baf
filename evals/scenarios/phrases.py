"""What simulated leads say: phrasings that stand in no rule and in no training message."""

import json
import random
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "scenario_phrases.json"


@cache
def load_phrases() -> dict[str, dict[str, list[str]]]:
    """Language, act, variants."""
    phrases: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return phrases


def speak(language: str, act: str, rng: random.Random, **values: str) -> str:
    return rng.choice(load_phrases()[language][act]).format(**values)
