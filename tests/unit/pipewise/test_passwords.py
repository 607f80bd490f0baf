"""Passwords and tokens."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from pipewise import passwords
from pipewise.api_tokens import is_mistyped, make_token
from pipewise.errors import InvalidInput
from pipewise.passwords import AT_ONCE, PasswordHasher, require_password

T = TypeVar("T")
PASSWORD = "violet anteaters march at dawn"


async def test_only_the_password_fits_and_nothing_fits_nobody() -> None:
    hasher = PasswordHasher()
    stored, again = await hasher.hash(PASSWORD), await hasher.hash(PASSWORD)
    assert stored != again
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored
    assert await hasher.verify(PASSWORD, stored)
    assert not await hasher.verify(PASSWORD + " ", stored)
    assert not await hasher.verify(PASSWORD, None)
    assert not await hasher.verify("", None)
    assert not await hasher.verify(PASSWORD, "$argon2id$v=19$what is this")


async def test_nobody_costs_what_somebody_costs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same parameters, so the same work: counted in hashes, not in seconds."""
    asked: list[str] = []
    original = passwords._fits
    monkeypatch.setattr(passwords, "_fits", lambda password, stored: asked.append(stored) or original(password, stored))
    hasher = PasswordHasher()
    stored = await hasher.hash(PASSWORD)
    await hasher.verify("wrong", stored)
    await hasher.verify("wrong", None)
    shapes = [(one.rpartition("$")[0].rpartition("$")[0], len(one)) for one in asked]
    assert shapes[0] == shapes[1]


async def test_letters_are_the_same_however_they_are_composed() -> None:
    hasher = PasswordHasher()
    assert await hasher.verify("cafe\u0301 au lait 2026", await hasher.hash("caf\u00e9 au lait 2026"))


async def test_few_are_hashed_at_once() -> None:
    hasher, lock, now, most = PasswordHasher(), threading.Lock(), 0, 0
    gate = threading.Event()

    def work() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        gate.wait(5)
        with lock:
            now -= 1

    running = [asyncio.create_task(_run(hasher, work)) for _ in range(AT_ONCE * 4)]
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(*running)
    assert most == AT_ONCE


async def _run(hasher: PasswordHasher, work: Callable[[], T]) -> T:
    return await hasher._run(work)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 257, "abababababababab", "ana@shop.example"])
def test_what_is_no_password(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_password(password, "Ana@shop.example")
    assert password == "" or password not in str(refused.value)


def test_a_token_shows_a_slip_of_the_pen() -> None:
    made = {make_token() for _ in range(1000)}
    assert len(made) == 1000
    for token in made:
        assert len(token) == 52
        assert not is_mistyped(token)
        wrong = token[:10] + ("a" if token[10] != "a" else "b") + token[11:]
        assert is_mistyped(wrong)
    for chosen in ("pw_the-first-admin-of-account-a-0001", "pw_" + "x" * 20, "sk_abc", ""):  # not-a-secret
        assert not is_mistyped(chosen)
