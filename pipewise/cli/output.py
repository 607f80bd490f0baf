"""Exit codes, and what a command shows."""

import argparse
import sys
from collections.abc import Iterable

FINE, NOT_HELD, BAD_USAGE = 0, 1, 2

Arguments = argparse.Namespace


def fail(message: str, code: int) -> int:
    note(f"pipewise: {' '.join(message.split())}")
    return code


def note(message: str) -> None:
    """For the person at the terminal; stdout carries the answer alone."""
    print(message, file=sys.stderr, flush=True)


def show(lines: Iterable[str]) -> int:
    for line in lines:
        print(line, flush=True)
    return FINE
