"""The scripted answers of the OpenAI-compatible model, first in first out."""

from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class ModelWorld:
    script: deque[Json] = field(default_factory=deque)
    answered: int = 0
