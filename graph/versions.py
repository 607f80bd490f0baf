"""What runs here, by name: the release and every prompt. A journal says which versions its turn ran on."""

import importlib.metadata

from nodes.prompts import load_prompt
from pipewise.journal_codec import digest

PROMPTS = ("intent", "scheduler", "qualifier")


def read_versions() -> dict[str, str]:
    try:
        code = importlib.metadata.version("pipewise")
    except importlib.metadata.PackageNotFoundError:
        code = "unpackaged"
    return {"code": code, **{f"prompt {name}": digest(load_prompt(name))[:12] for name in PROMPTS}}
