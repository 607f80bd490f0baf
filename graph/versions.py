"""What runs here, by name: the release, every prompt, the classifier's weights. A journal says which its turn ran on."""

import importlib.metadata

from nodes.prompts import load_prompt
from pipewise.journal_codec import digest
from pipewise.language.intent_model import read_version

PROMPTS = ("intent", "scheduler", "qualifier")


def read_versions() -> dict[str, str]:
    try:
        code = importlib.metadata.version("pipewise")
    except importlib.metadata.PackageNotFoundError:
        code = "unpackaged"
    return {
        "code": code,
        "intent classifier": read_version(),
        **{f"prompt {name}": digest(load_prompt(name))[:12] for name in PROMPTS},
    }
