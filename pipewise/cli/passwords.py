"""Asking for a password: never an argument, which every process of the machine can read and the shell remembers."""

import getpass
import sys

from pipewise.errors import InvalidInput


def read_password(email: str) -> str:
    """Typed twice at a terminal; else the first line of the standard input. Raises InvalidInput."""
    from pipewise.passwords import require_password  # noqa: PLC0415  a command loads what it needs when it runs

    if sys.stdin.isatty():
        password = getpass.getpass(f"New password of {email}: ")
        if getpass.getpass("The same once more: ") != password:
            raise InvalidInput("The two are not the same; nothing was changed.")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    require_password(password, email)
    return password
