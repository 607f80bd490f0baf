"""The HMAC primitives that the platforms' signatures are made of."""

from datetime import timedelta

import pytest

from pipewise.errors import InvalidSignature
from pipewise.platforms.signatures import digest_matches, hex_hmac, require_recent
from tests.fakes import NOON

STAMP = int(NOON.timestamp())


def test_the_digest_is_hmac_sha256_in_hex() -> None:
    # Test case 2 of RFC 4231.
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hex_hmac("Jefe", b"what do ya want for nothing?") == expected


def test_any_of_several_secrets_may_match() -> None:
    given = hex_hmac("old", b"body")
    assert digest_matches(given, ("new", "old"), b"body")
    assert not digest_matches(given, ("new",), b"body")
    assert not digest_matches(given, (), b"body")


def test_an_empty_secret_never_matches() -> None:
    assert not digest_matches(hex_hmac("", b"body"), ("",), b"body")


@pytest.mark.parametrize("given", ["", "é" * 64, "\ud800", "sha256="])
def test_odd_digests_do_not_match_and_do_not_raise(given: str) -> None:
    assert not digest_matches(given, ("secret",), b"body")


@pytest.mark.parametrize("seconds", [0, 300, -300])
def test_a_stamp_within_the_tolerance_is_recent(seconds: int) -> None:
    require_recent(str(STAMP), NOON + timedelta(seconds=seconds), 300)


@pytest.mark.parametrize("seconds", [301, -301, 10**8])
def test_a_stamp_outside_the_tolerance_is_refused(seconds: int) -> None:
    with pytest.raises(InvalidSignature, match="too old or too new"):
        require_recent(str(STAMP + seconds), NOON, 300)


@pytest.mark.parametrize(
    "form", ["", " {}", "{}\n", "+{}", "-{}", "{}.0", "{}e0", "0x{}", "٣", "1_000", "9" * 13, "soon"]
)
def test_a_stamp_is_plain_digits(form: str) -> None:
    with pytest.raises(InvalidSignature, match="not a number"):
        require_recent(form.format(STAMP), NOON, 300)
