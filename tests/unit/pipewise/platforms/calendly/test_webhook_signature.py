"""Calendly-Webhook-Signature: `t=…,v1=…`, over the raw bytes, within three minutes."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.errors import InvalidSignature
from pipewise.platforms.calendly import PLATFORM
from pipewise.platforms.calendly.settings import CalendlyCredentials
from pipewise.platforms.calendly.webhook import CalendlyWebhook, sign
from tests.fakes import NOON

WEBHOOK = CalendlyWebhook()
KEY = "fjordline-signing-key"
BODY = b'{"event":"invitee.created","payload":{"name":"Ren\\u00e9e"}}'
T = 1772452800  # NOON
# Computed apart from our code: printf '%s' '1772452800.<body>' | openssl dgst -sha256 -hmac fjordline-signing-key
DIGEST = "6e6509f260d84e94e318fa60fb8af6da6ceb22024b6270bc2b8ce68336254498"


def verify(body: bytes, header: str | None, *, secrets: tuple[str, ...] = (KEY,), late: float = 0) -> None:
    headers = {} if header is None else {"calendly-webhook-signature": header}
    WEBHOOK.verify(body, headers, secrets, NOON + timedelta(seconds=late))


def test_the_vector() -> None:
    assert sign(BODY, KEY, T) == f"t={T},v1={DIGEST}"
    verify(BODY, f"t={T},v1={DIGEST}")


@pytest.mark.parametrize("late", [0, 180, -180, 179.5])
def test_three_minutes_either_way_are_fine(late: float) -> None:
    verify(BODY, sign(BODY, KEY, T), late=late)


@pytest.mark.parametrize("late", [181, -181, 86_400])
def test_a_stale_or_future_signature_is_refused(late: float) -> None:
    with pytest.raises(InvalidSignature):
        verify(BODY, sign(BODY, KEY, T), late=late)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        f"t={T}",
        f"v1={DIGEST}",
        f"t={T},v1=",
        f"t={T},v0={DIGEST}",
        f"t={T},v1={DIGEST.upper()}",
        f"t={T}.0,v1={DIGEST}",
        f"t=+{T},v1={DIGEST}",
        f"t= {T},v1={DIGEST}",
        f"t=\u0661,v1={DIGEST}",
        f"t={T},t={T},v1={DIGEST}",
        f"t={T + 1},v1={DIGEST}",
        f"t={T};v1={DIGEST}",
        f"sha256={DIGEST}",
        f"t={T},v1={DIGEST}" + f",v1={DIGEST}" * 5,
        f"t={T},v1=\udcff{DIGEST}",
    ],
)
def test_a_header_of_another_shape_is_refused(header: str | None) -> None:
    with pytest.raises(InvalidSignature):
        verify(BODY, header)


@pytest.mark.parametrize("header", [
    f"v1={DIGEST},t={T}", f"t={T},v1={'0' * 64},v1={DIGEST}", f"t={T},v2=x,v1={DIGEST},n=1,flag", f"t={T}, v1={DIGEST}",
])  # fmt: skip
def test_order_unknown_keys_and_several_signatures_are_fine(header: str) -> None:
    verify(BODY, header)


def test_any_secret_may_match_and_an_empty_one_never_does() -> None:
    verify(BODY, sign(BODY, KEY, T), secrets=("newer-key", KEY))
    for secrets in ((), ("",), ("newer-key",), (KEY + " ",)):
        with pytest.raises(InvalidSignature):
            verify(BODY, sign(BODY, KEY, T), secrets=secrets)
    with pytest.raises(InvalidSignature):
        verify(BODY, sign(BODY, "", T), secrets=("",))


def test_the_bytes_count_and_not_their_meaning() -> None:
    same = json.dumps(json.loads(BODY), ensure_ascii=False).encode()
    assert json.loads(same) == json.loads(BODY)
    for body in (same, BODY + b" ", b"", BODY[:-1]):
        with pytest.raises(InvalidSignature):
            verify(body, sign(BODY, KEY, T))


@given(place=st.integers(0, len(BODY) - 1), flip=st.integers(1, 255))
def test_no_changed_byte_passes(place: int, flip: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= flip
    with pytest.raises(InvalidSignature):
        verify(bytes(changed), sign(BODY, KEY, T))


@given(st.text(max_size=120))
def test_any_header_is_answered_with_a_refusal(header: str) -> None:
    with pytest.raises(InvalidSignature):
        verify(BODY, header)


def test_secrets_come_from_the_signing_key_alone() -> None:
    without = CalendlyCredentials.model_validate({"access_token": "tok"})
    with_key = CalendlyCredentials.model_validate({"access_token": "tok", "webhook_signing_key": KEY})
    assert (WEBHOOK.signing_secrets(without), WEBHOOK.signing_secrets(with_key)) == ((), (KEY,))


def test_there_is_no_handshake() -> None:
    answer = PLATFORM.webhook.handshake({"hub.challenge": "<script>"}, ())
    assert answer.status == 404
    assert "script" not in answer.body
