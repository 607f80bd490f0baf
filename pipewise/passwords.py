"""Passwords: what may be one, and Argon2id, which costs the same whoever is asked for."""

import asyncio
import base64
import os
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pipewise.errors import InvalidInput

T = TypeVar("T")

SHORTEST, LONGEST = 12, 256
# OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB of memory, 2 passes, 1 lane.
MEMORY_KIB, PASSES, LANES = 19_456, 2, 1
SALT_BYTES, HASH_BYTES = 16, 32
AT_ONCE = 2  # each takes its memory and most of a core


def require_password(password: str, email: str) -> None:
    """Length is what counts; kinds of characters are not asked for. Raises InvalidInput."""
    problem = None
    if not SHORTEST <= len(password) <= LONGEST:
        problem = f"must have {SHORTEST} to {LONGEST} characters"
    elif len(set(password)) < SHORTEST // 2:
        problem = "repeats itself too much"
    elif password.casefold() in {email.casefold(), email.casefold().partition("@")[0]}:
        problem = "must not be the e-mail address"
    if problem:
        raise InvalidInput(
            f"This password cannot be used: it {problem}.", details=({"field": "password", "problem": problem},)
        )


class PasswordHasher:
    """In threads, and few at once: many logins at a time wait for each other instead of taking all memory."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        # What is compared where there is nothing to compare with. No password fits it.
        self._nobodys = _as_phc(os.urandom(SALT_BYTES), os.urandom(HASH_BYTES))

    async def hash(self, password: str) -> str:
        return await self._run(lambda: _hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        """False without a stored password, after the same work."""
        fits = await self._run(lambda: _fits(password, stored or self._nobodys))
        return fits and stored is not None

    async def _run(self, work: Callable[[], T]) -> T:
        async with self._places:
            return await asyncio.to_thread(work)


def _hash(password: str) -> str:
    kdf = Argon2id(
        salt=os.urandom(SALT_BYTES), length=HASH_BYTES, iterations=PASSES, lanes=LANES, memory_cost=MEMORY_KIB
    )
    return kdf.derive_phc_encoded(_encode(password))


def _fits(password: str, stored: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(_encode(password), stored)
    except InvalidKey:
        return False
    return True


def _encode(password: str) -> bytes:
    """The same letters are the same password, however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password).encode()


def _as_phc(salt: bytes, digest: bytes) -> str:
    shown = [base64.b64encode(part).decode().rstrip("=") for part in (salt, digest)]
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${shown[0]}${shown[1]}"
