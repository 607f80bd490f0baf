"""Whose request it is, behind proxies and behind liars."""

import pytest
from starlette.requests import Request

from api.addresses import client_address


def request_from(peer: str, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.7",), "203.0.113.9"),  # no proxy of ours: not believed
        ("10.0.0.2", ("198.51.100.7",), "198.51.100.7"),
        ("10.0.0.2", ("6.6.6.6, 198.51.100.7",), "198.51.100.7"),  # the first was written by the client
        ("10.0.0.2", ("6.6.6.6", "198.51.100.7, 10.0.0.9"), "198.51.100.7"),
        ("10.0.0.2", ("198.51.100.7, what is this",), "10.0.0.2"),
        ("10.0.0.2", (), "10.0.0.2"),
        ("::1", ("2001:db8::7",), "2001:db8::7"),
    ],
)
def test_the_nearest_that_is_no_trusted_proxy(peer: str, forwarded: tuple[str, ...], found: str) -> None:
    assert client_address(request_from(peer, *forwarded), ("10.0.0.0/8", "::1")) == found


def test_nobody_is_believed_by_default() -> None:
    assert client_address(request_from("127.0.0.1", "198.51.100.7"), ()) == "127.0.0.1"
