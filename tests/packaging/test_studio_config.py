"""`langgraph.json`: valid, by module path, and what it names is there."""

import importlib
import json
from pathlib import Path

from langgraph_cli.config import validate_config_file
from starlette.applications import Starlette

from tests.packaging.tree import ROOT

CONFIG = ROOT / "langgraph.json"


def _resolve(spec: str) -> object:
    module, name = spec.split(":")
    assert "/" not in module, "a file path would load the module a second time under another name"
    return getattr(importlib.import_module(module), name)


def test_the_command_accepts_it() -> None:
    config = validate_config_file(Path(CONFIG))
    assert list(config["graphs"]) == ["pipewise"]


def test_the_graph_is_a_factory_and_the_app_is_ours() -> None:
    config = json.loads(CONFIG.read_text())
    assert callable(_resolve(config["graphs"]["pipewise"]["path"]))
    assert isinstance(_resolve(config["http"]["app"]), Starlette)


def test_strict_checkpoints_and_no_tracing() -> None:
    assert json.loads(CONFIG.read_text())["env"] == {"LANGGRAPH_STRICT_MSGPACK": "true", "LANGSMITH_TRACING": "false"}
