"""Secrets that somebody committed: looks through every file that git knows for what has the form of a real credential.

A planted one of a test or an example says so: it holds one of the words in PLANTED, or its line ends in `not-a-secret`.
"""

import math
import re
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FORMS = {
    "private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "AWS key": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
    "Slack token": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "OpenAI key": re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}"),
    "Meta token": re.compile(r"\b(?:EAA|IGAA|IGQV)[A-Za-z0-9]{60,}"),
    "Google key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "Stripe key": re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}"),
    "JSON web token": re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{15,}"),
    "PipeWise token": re.compile(r"\bpw_[A-Za-z0-9_-]{30,}"),
    "webhook secret": re.compile(r"\bwhsec_[A-Za-z0-9+/]{32,}={0,2}"),
    "password in a URL": re.compile(r"\b[a-z][a-z0-9+]*://[^\s:/@{}<>…$]+:[^\s@/{}<>…$]{6,}@[\w.-]+"),
    "assigned secret": re.compile(
        r"""(?i)(?:secret|password|passwd|api_?key|access_?token|private_?key)["']?\s*[:=]\s*["']([A-Za-z0-9+/_=.-]{24,})["']"""
    ),
}
PLANTED = re.compile(
    r"(?i)planted|example|sandbox|sample|change-me|not-a-secret|not-a-key|fake|imaginary|test|dummy|swordfish"
)
NOT_READ = {".lock", ".weights", ".png", ".sql"}
MOST_ENTROPY_OF_WORDS = 3.6  # bits a character; a random one of 24 characters has more


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)  # noqa: S607
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def findings(text: str) -> Iterator[tuple[int, str]]:
    """Line number and kind of whatever looks real."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.rstrip().endswith("not-a-secret"):
            continue
        for kind, form in FORMS.items():
            for match in form.finditer(line):
                if looks_real(match.group(match.lastindex or 0), kind):
                    yield number, kind


def looks_real(value: str, kind: str) -> bool:
    if PLANTED.search(value) or PLANTED.search(_decoded(value)):
        return False
    if kind == "assigned secret" and not any(character.isdigit() for character in value):
        return False
    return kind in {"private key", "password in a URL"} or entropy(value) > MOST_ENTROPY_OF_WORDS


def _decoded(value: str) -> str:
    try:
        return b64decode(value.removeprefix("whsec_")).decode(errors="replace")
    except ValueError:
        return ""


def entropy(value: str) -> float:
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())


def main() -> int:
    files = [path for path in tracked() if path.suffix not in NOT_READ and path.is_file()]
    found = 0
    for path in files:
        for number, kind in findings(path.read_text(encoding="utf-8", errors="replace")):
            print(f"{path.relative_to(ROOT)}:{number}: looks like a real {kind}; take it out and revoke it")
            found += 1
    if not found:
        print(f"No secret in {len(files)} files.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
