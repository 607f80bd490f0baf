"""Runs inside schemathesis: half of the ids in paths are of things that are there, so that more than 404 is seen."""

import json
import os
import zlib
from typing import Any

import schemathesis

KNOWN: dict[str, str] = json.loads(os.environ.get("PIPEWISE_KNOWN_IDS", "{}"))


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    del context
    if not path_parameters:
        return path_parameters
    return {
        name: KNOWN[name] if name in KNOWN and zlib.crc32(repr(value).encode()) % 2 else value
        for name, value in path_parameters.items()
    }
