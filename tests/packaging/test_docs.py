"""What README.md and ARCHITECTURE.md say can be done, done: commands, variables, routes, bodies, files, tables, the example."""

import json
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.protocol.bodies import RunBody
from api.schemas import NewIntegration
from pipewise.cli import COMMANDS
from pipewise.env_example import environment_name
from pipewise.platforms.registry import get_platform
from pipewise.settings import Settings, load_settings
from pipewise.storage.tables import metadata
from tests.conftest import FOR_THE_TESTS_THEMSELVES
from tests.packaging.tree import ROOT, project_files

DOCUMENTS = [path for path in project_files() if path.suffix == ".md" and path.parent == ROOT]
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
CURL = re.compile(r"curl (?:-X (?P<method>[A-Z]+) )?http://127\.0\.0\.1:8000(?P<path>\S+)(?P<rest>(?:.*\\\n)*.*)")
CALLS = [(m["method"] or "GET", m["path"], m["rest"]) for m in CURL.finditer(README)]

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def code_of(document: Path) -> list[str]:
    """Fenced blocks, line by line, and inline code."""
    text = document.read_text()
    fenced = [
        line
        for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    return fenced + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def template_of(path: str) -> str:
    """`/api/leads/$LEAD/runs` as the OpenAPI document writes it, whatever the parameter is called there."""
    return re.sub(r"\$[A-Z]+|\{[^}]*\}", "{}", path)


@pytest.fixture(scope="module")
def routes() -> set[tuple[str, str]]:
    described = create_app(load_settings(_env_file=None)).openapi()["paths"]
    return {(method.upper(), template_of(path)) for path, methods in described.items() for method in methods}


@each_document
def test_every_command_named_exists(document: Path) -> None:
    named = [
        match[1].split()
        for code in code_of(document)
        for match in re.finditer(r"\bpipewise ([a-z]+(?: [a-z]+)?)", code)
    ]
    known = [command.split() for command in COMMANDS]
    assert [
        words for words in named if not any(command[: len(words)] == words or command == words[:1] for command in known)
    ] == []


@each_document
def test_every_variable_named_is_a_setting(document: Path) -> None:
    named = set(re.findall(r"\b(?:PIPEWISE|OPENAI|CALENDLY|WHATSAPP)_[A-Z][A-Z_]*[A-Z]\b", document.read_text()))
    known = {environment_name(name, field) for name, field in Settings.model_fields.items()}
    assert named - known - FOR_THE_TESTS_THEMSELVES == set()


@each_document
def test_every_file_named_is_there(document: Path) -> None:
    named = {word for code in code_of(document) for word in re.findall(r"(?<![\w<>*/.])[\w.]+(?:/[\w.]+)+", code)}
    paths = {word for word in named if word.endswith((".py", ".md", ".json", ".toml"))}
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_every_call_shown_has_its_route(routes: set[tuple[str, str]]) -> None:
    assert len(CALLS) >= 4
    assert [(method, path) for method, path, _ in CALLS if (method, template_of(path)) not in routes] == []


def test_every_call_shown_carries_its_token() -> None:
    assert [path for _, path, rest in CALLS if "Authorization: Bearer $TOKEN" not in rest] == []


def test_every_body_shown_is_accepted() -> None:
    bodies: dict[str, list[Any]] = {}
    for _, path, rest in CALLS:
        bodies.setdefault(path, []).extend(json.loads(body) for body in re.findall(r"-d '([^']+)'", rest))
    connected = [NewIntegration.model_validate(body) for body in bodies["/api/integrations"]]
    assert {one.platform for one in connected} == {"whatsapp", "calendly"}
    for one in connected:
        platform = get_platform(one.platform)
        fields = platform.credentials.model_fields
        assert set(one.credentials) <= set(fields)
        assert {name for name, field in fields.items() if field.is_required()} <= set(one.credentials)
    (run,) = bodies["/runs/wait"]
    assert RunBody.model_validate(run).assistant_id == "pipewise"


async def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    scope: dict[str, Any] = {}
    exec(f"async def example():\n{textwrap.indent(example, '    ')}", scope)  # noqa: S102  our own README
    await scope["example"]()
    capabilities, answer = capsys.readouterr().out.splitlines()
    assert "'calendly': 'fallback'" in capabilities
    assert "'success': True" in answer
    assert "https://calendly.com/" in answer


def test_the_tables_are_the_tables() -> None:
    section = ARCHITECTURE.split("## Tables")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(metadata.tables)


def test_the_settings_have_what_the_readme_starts_with() -> None:
    assert README.startswith("# PipeWise\n")
    assert README.index("make demo") < README.index("```mermaid") < README.index("PIPEWISE_PUBLIC_URL")
