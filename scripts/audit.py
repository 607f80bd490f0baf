"""Known vulnerabilities of everything that is locked, asked of PyPI's advisories by pip-audit.

`--strict` fails also where nobody answered: pip-audit alone takes an advisory service that it cannot reach for good news.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements-bench.lock", "requirements-checks.lock")  # the first holds the other locks


def main(arguments: list[str]) -> int:
    asked = [answer for lock in LOCKS for answer in ask(lock)]
    found = {line for one in asked for line in vulnerabilities(one)}
    silent = sorted({one["name"] for one in asked if "skip_reason" in one})
    for line in sorted(found):
        print(line)
    if silent:
        print(
            f"NOT AUDITED: {len(silent)} of {len(asked)} packages; PyPI's advisories could not be read.",
            file=sys.stderr,
        )
    if not found and not silent:
        print(f"No known vulnerability in {len(asked)} packages.")
    return 1 if found else 3 if silent and "--strict" in arguments else 0


def ask(lock: str) -> list[dict[str, Any]]:
    """One entry a package: its vulnerabilities, or why it was skipped. Raises SystemExit where pip-audit itself fails."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(ROOT / lock),
        "--require-hashes",
        "--disable-pip",
    ]
    done = subprocess.run(  # noqa: S603  our own arguments
        [*command, "--progress-spinner", "off", "--format", "json"],
        env={**os.environ, "PYTHONPATH": str(Path(sys.prefix) / "checks")},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        answer: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [{"name": f"{lock} as a whole", "skip_reason": done.stderr.strip()[-500:]}]
    return answer


def vulnerabilities(package: dict[str, Any]) -> list[str]:
    return [
        f"{package['name']} {package['version']}: {one['id']}, fixed in {', '.join(one['fix_versions']) or 'no release'}"
        for one in package.get("vulns", ())
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
