"""Standard Webhooks signatures, by the book and against every way around it."""

import base64
import hashlib
import hmac
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipewise.errors import InvalidSignature
from pipewise.platforms.form.signature import MAX_SIGNATURES, sign, verify
from tests.fakes import NOON

KEY = b"planted-key-of-twenty-four!!"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
BODY = '{"email":"noor@imaginary.example","message":"Grüße"}'.encode()
STAMP = str(int(NOON.timestamp()))


def headers(key: bytes = KEY, message_id: str = "msg_1", stamp: str = STAMP, body: bytes = BODY) -> dict[str, str]:
    """Signed by hand, as the specification says."""
    signed = f"{message_id}.{stamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": message_id, "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def refuses(given: dict[str, str], *secrets: str, body: bytes = BODY) -> bool:
    try:
        verify(body, given, secrets or (SECRET,), NOON)
    except InvalidSignature:
        return True
    return False


def test_the_vector_of_the_specification() -> None:
    # The example of the Standard Webhooks reference libraries.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # not-a-secret
    given = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    verify(b'{"test": 2432232314}', given, (secret,), NOON.fromtimestamp(1614265330, NOON.tzinfo))


def test_signing_and_verifying_agree_with_a_signature_made_by_hand() -> None:
    assert sign(BODY, SECRET, message_id="msg_1", at=NOON) == headers()
    assert not refuses(headers())


@pytest.mark.parametrize(
    ("secret", "key"),
    [
        ("plain words as a secret", b"plain words as a secret"),
        ("geheim-üöä", "geheim-üöä".encode()),
        (base64.b64encode(KEY).decode(), KEY),
        (base64.b64encode(KEY).decode(), base64.b64encode(KEY)),
        ("whsec_not base64!", b"whsec_not base64!"),
    ],
    ids=["text", "umlauts", "base64 decoded", "base64 as text", "prefix without base64"],
)
def test_secrets_in_every_form(secret: str, key: bytes) -> None:
    assert not refuses(headers(key), secret)
    assert not refuses(sign(BODY, secret, message_id="msg_1", at=NOON), secret)


def test_a_prefixed_secret_is_never_taken_as_text() -> None:
    assert refuses(headers(SECRET.encode()))


@pytest.mark.parametrize("secret", ["", "whsec_"])
@pytest.mark.parametrize("key", [b"", b"whsec_"])
def test_an_empty_secret_opens_nothing(secret: str, key: bytes) -> None:
    assert refuses(headers(key), secret)
    assert not refuses(headers(), "", "whsec_", SECRET)


def test_any_of_several_signatures_and_secrets_may_match() -> None:
    right = headers()["webhook-signature"]
    wrong = headers(b"another")["webhook-signature"]
    assert not refuses(headers() | {"webhook-signature": f"{wrong} v1a,abc {right}"})
    assert not refuses(headers(), "another-secret", SECRET)
    assert refuses(headers() | {"webhook-signature": f"{wrong} {wrong}"})


def test_a_flood_of_signatures_is_not_worked_through() -> None:
    right = headers()["webhook-signature"]
    assert refuses(headers() | {"webhook-signature": "v1,x " * MAX_SIGNATURES + right})


@pytest.mark.parametrize("message_id", ["a.b", ".", "", " ", "a b", "a\n", "é", "a" * 257, "\ud800"])
def test_ids_that_could_shift_the_signed_text_are_refused(message_id: str) -> None:
    given = {"webhook-id": message_id, "webhook-timestamp": STAMP}
    signed = message_id.encode("utf-8", "surrogatepass") + f".{STAMP}.".encode() + BODY
    signature = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert refuses(given | {"webhook-signature": f"v1,{signature}"})


def test_a_part_of_the_body_cannot_become_the_time() -> None:
    # Signed: "msg_1.<old stamp>.<body>"; replayed with the old stamp moved into the id.
    old = str(int((NOON - timedelta(days=1)).timestamp()))
    signature = headers(body=b"x", stamp=old)["webhook-signature"]
    assert refuses(
        {"webhook-id": f"msg_1.{old}", "webhook-timestamp": STAMP, "webhook-signature": signature}, body=b"x"
    )


@pytest.mark.parametrize(("seconds", "refused"), [(-301, True), (-300, False), (0, False), (300, False), (301, True)])
def test_the_signed_time_must_be_near(seconds: int, refused: bool) -> None:
    assert refuses(headers(stamp=str(int(NOON.timestamp()) + seconds))) is refused


@pytest.mark.parametrize(
    "stamp", [f"{STAMP}.0", f"+{STAMP}", f" {STAMP}", "1e10", "", "soon", "٣", "9" * 400, "nan", "inf"]
)
def test_the_time_is_plain_digits(stamp: str) -> None:
    assert refuses(headers(stamp=stamp))


@pytest.mark.parametrize("form", ["{}", "v2,{}", "v1{}", "v1,{}=", "v1,{}\n", "V1,{}", "v1, {}", "v1,{},x", "", "v1,"])
def test_the_signature_is_canonical_base64_of_version_one(form: str) -> None:
    bare = headers()["webhook-signature"].removeprefix("v1,")
    assert refuses(headers() | {"webhook-signature": form.format(bare)})


def test_url_safe_or_unpadded_base64_is_not_accepted() -> None:
    for number in range(50):
        given = headers(message_id=f"msg_{number}")
        bare = given["webhook-signature"]
        if "+" in bare or "/" in bare:
            assert refuses(given | {"webhook-signature": bare.replace("+", "-").replace("/", "_")})
            assert refuses(given | {"webhook-signature": bare.rstrip("=")})
            return
    raise AssertionError("no signature held a character that differs")


@settings(deadline=None, database=None)
@given(
    st.binary(max_size=40),
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text(st.characters())
    ),
    st.lists(st.text(), max_size=3),
)
def test_no_input_does_more_than_fail(body: bytes, given_headers: dict[str, str], secrets: list[str]) -> None:
    with pytest.raises(InvalidSignature):
        verify(body, given_headers, tuple(secrets), NOON)


@settings(deadline=None, database=None)
@given(st.text(st.characters(), min_size=1).filter(lambda secret: secret != "whsec_"))
def test_whatever_the_secret_what_it_signs_is_accepted(secret: str) -> None:
    assert not refuses(sign(BODY, secret, message_id="msg_1", at=NOON), secret)
