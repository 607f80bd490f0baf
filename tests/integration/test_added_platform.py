"""docs/adding-a-platform.md, done: its files added to a copy of PipeWise, the conformance suite run on them, a lead answered."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.tree import PACKAGES, ROOT

GUIDE = (ROOT / "docs" / "adding-a-platform.md").read_text()
FILES = re.compile(r"^`((?:pipewise|tests)/[\w/.]+)`\n\n```\w+\n(.*?)^```", re.DOTALL | re.MULTILINE)
SIGNER = re.compile(r'^SIGNERS\["pager"\] = (.*?)^```', re.DOTALL | re.MULTILINE)
IMPORT = "from pipewise.platforms.pager import PLATFORM as PAGER\n"
TESTS = ("__init__.py", "conftest.py", "fakes.py", "own_looks.py", "tenant_guard.py", "contract", "payloads")
LONGEST_SECONDS = 300

DRIVE = """
import asyncio, json, sys, time
from pathlib import Path
import httpx
from api.app import create_app
from graph.compose import open_application
from pipewise.platforms.pager.webhook import sign
from pipewise.settings import load_settings

sent = []

def vendor(request):
    assert request.url.host == "api.pager.example", request.url
    assert request.headers["authorization"] == "Bearer pager-token"
    if request.method == "GET":
        return httpx.Response(200, json={"name": "shop"})
    sent.append(json.loads(request.content))
    return httpx.Response(200, json={"id": f"sent-{len(sent)}"})

async def main():
    token = "pw_" + "t" * 40
    settings = load_settings(data_dir=Path(sys.argv[1]), api_token=token, model="offline", burst_ms=0)
    transport = httpx.MockTransport(vendor)
    app = create_app(settings, open_application=lambda s, **k: open_application(s, transport=transport, **k))
    async with app.router.lifespan_context(app):
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://us", headers=headers) as api:
            listed = (await api.get("/api/integrations/platforms")).json()["items"]
            assert {"pager"} <= {one["name"] for one in listed if one["sends"]}, listed
            given = {"access_token": "pager-token", "account_id": "account-1", "signing_secret": "a-signing-secret"}
            made = await api.post("/api/integrations", json={"platform": "pager", "credentials": given})
            assert (made.status_code, made.json()["status"]) == (201, "connected"), made.text
            message = {"id": "m-1", "from": "351910000123", "at": int(time.time()), "text": "Hello there"}
            body = json.dumps({"account": "account-1", "messages": [message]}).encode()
            for path in (f"/webhooks/pager/{made.json()['id']}", "/webhooks/pager"):
                signed = {**sign(body, "a-signing-secret"), "content-type": "application/json"}
                taken = await api.post(path, content=body, headers=signed)
                assert taken.status_code == 200, taken.text
            forged = {**sign(body, "another-secret"), "content-type": "application/json"}
            assert (await api.post("/webhooks/pager", content=body, headers=forged)).status_code == 401
            for _ in range(200):
                if sent:
                    break
                await asyncio.sleep(0.1)
            assert [one["to"] for one in sent] == ["351910000123"], sent
            assert len(sent[0]["text"]) <= 160
            lead = (await api.get("/api/leads")).json()["items"][0]
            found = (await api.get(f"/api/leads/{lead['id']}/messages")).json()["items"]
            assert [one["direction"] for one in found] == ["in", "out"], found
            print("answered")

asyncio.run(main())
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """PipeWise with the guide's files in it, and nothing else changed."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    for name in TESTS:
        source = ROOT / "tests" / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text in FILES.findall(GUIDE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    register(tmp_path / "pipewise" / "platforms" / "registry.py")
    sign_as_told(tmp_path / "tests" / "contract" / "signing.py")
    return tmp_path


def register(registry: Path) -> None:
    assert f"```python\n{IMPORT}```" in GUIDE
    text = registry.read_text()
    added = text.replace("from pipewise.platforms.whatsapp", f"{IMPORT}from pipewise.platforms.whatsapp", 1)
    added = added.replace("WHATSAPP, X)", "WHATSAPP, X, PAGER)", 1)
    assert added.count("PAGER") == 2
    registry.write_text(added)


def sign_as_told(signing: Path) -> None:
    (signer,) = SIGNER.findall(GUIDE)
    text = signing.read_text().replace("SIGNERS: Mapping[str, Signer]", "SIGNERS: dict[str, Signer]")
    signing.write_text(f'{text}\nfrom pipewise.platforms.pager import webhook as pager\n\nSIGNERS["pager"] = {signer}')


def run(folder: Path, *arguments: str) -> str:
    environment = {"PYTHONPATH": str(folder), "LANGGRAPH_STRICT_MSGPACK": "true", "LANGSMITH_TRACING": "false"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def test_the_guide_holds_a_whole_platform() -> None:
    assert [Path(name).name for name, _ in FILES.findall(GUIDE)] == [
        "models.py",
        "webhook.py",
        "client.py",
        "__init__.py",
        "message.json",
    ]


def test_it_passes_the_conformance_suite(copy: Path) -> None:
    told = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract/test_platforms.py", "-k", "pager")
    passed = re.search(r"(\d+) passed", told)
    assert passed, told
    assert int(passed[1]) >= 20


def test_it_is_connected_and_answers_a_lead(copy: Path) -> None:
    script = copy / "drive.py"
    script.write_text(DRIVE)
    assert "answered" in run(copy, str(script), str(copy / "data"))
