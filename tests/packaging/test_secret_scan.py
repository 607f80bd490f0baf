"""The scan for committed secrets finds each form of one, and takes what is planted for what it is."""

import base64
import importlib.util
import random
import string
from types import ModuleType

import pytest

from tests.packaging.tree import ROOT


@pytest.fixture(scope="module")
def scan() -> ModuleType:
    spec = importlib.util.spec_from_file_location("scan_secrets", ROOT / "scripts" / "scan_secrets.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def random_text(length: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(random.Random(length).choices(alphabet, k=length))


def real_ones() -> dict[str, str]:
    upper = string.ascii_uppercase + string.digits
    return {
        "private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
        "AWS key": "AKIA" + random_text(16, upper),
        "GitHub token": "ghp_" + random_text(36),
        "Slack token": "xoxb-" + random_text(24),
        "OpenAI key": "sk-proj-" + random_text(48),
        "Meta token": "EAA" + random_text(120),
        "Google key": "AIza" + random_text(35),
        "Stripe key": "sk_live_" + random_text(24),
        "JSON web token": f"eyJ{random_text(20)}.eyJ{random_text(40)}.{random_text(43)}",
        "PipeWise token": "pw_" + random_text(40),
        "webhook secret": "whsec_" + base64.b64encode(random_text(32).encode()).decode(),
        "password in a URL": "postgresql://me:" + random_text(12) + "@db.internal/x",
        "assigned secret": 'app_secret = "' + random_text(32) + '"',
    }


def test_each_form_is_found(scan: ModuleType) -> None:
    assert real_ones().keys() == scan.FORMS.keys()
    for kind, secret in real_ones().items():
        assert (2, kind) in set(scan.findings(f"first\nvalue {secret} more")), kind


def test_what_is_planted_and_ordinary_text_are_let_pass(scan: ModuleType) -> None:
    for line in (
        'api_key = "planted-model-key-Hn3mK6pL1sD5"',
        f"{real_ones()['PipeWise token']}  # not-a-secret",
        'secret = "this-is-a-sentence-with-words-and-more"',
        "the token is sent as `Authorization: Bearer pw_…`",
        "postgresql+psycopg://user@host/database",
    ):
        assert list(scan.findings(line)) == [], line


def test_nothing_in_the_tree_looks_like_a_secret(scan: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert scan.main() == 0, capsys.readouterr().out
