"""The sample deliveries under tests/payloads: structure as the vendor documents it, every value invented."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

FOLDER = Path(__file__).parents[1] / "payloads"
JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sample:
    platform: str
    name: str
    source: str
    headers: dict[str, str]
    document: Any
    expect: dict[str, int]

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", JSON)

    def body(self, **dumps: Any) -> bytes:
        """The bytes on the wire; `dumps` varies how the same JSON document is written."""
        if self.content_type == URLENCODED:
            return urlencode(self.document).encode()
        return json.dumps(self.document, **dumps).encode()

    def __str__(self) -> str:
        return f"{self.platform}/{self.name}"


def read_samples(platform: str) -> list[Sample]:
    return [_read(path) for path in sorted((FOLDER / platform).glob("*.json"))]


def read_sample(platform: str, name: str) -> Sample:
    return _read(FOLDER / platform / f"{name}.json")


def _read(path: Path) -> Sample:
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Sample(path.parent.name, path.stem, raw["source"], raw.get("headers", {}), raw["body"], raw["expect"])
