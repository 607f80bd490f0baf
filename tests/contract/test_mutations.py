"""Ten thousand random changes of validly signed deliveries: none is authentic, and none surprises the verifier."""

import random

import pytest

from pipewise.errors import InvalidSignature
from pipewise.platforms.registry import PLATFORMS
from tests.contract.payloads import read_samples
from tests.contract.signing import SIGNERS
from tests.fakes import NOON

EACH = 10_000 // len(SIGNERS)
ODD = ["\x00", "\xff", "é", "\ud800", "\U0001f600", "=", "+", "/", "A", "0", "\n"]
Delivery = tuple[bytes, dict[str, str]]


def change_body(rng: random.Random, body: bytes) -> bytes:
    place = rng.randrange(len(body))
    kind = rng.randrange(6)
    if kind == 0:
        return body[:place] + bytes([body[place] ^ (1 << rng.randrange(8))]) + body[place + 1 :]
    if kind == 1:
        return body[:place]
    if kind == 2:
        return body[:place] + rng.randbytes(rng.randint(1, 9)) + body[place:]
    if kind == 3:
        return body[:place] + body[place + rng.randint(1, 9) :]
    if kind == 4:
        return body + rng.choice([b"\n", b" ", b"\x00", b"{}", body])
    return body.replace(b'"', b"'", 1) if rng.random() < 0.5 else b"\xef\xbb\xbf" + body


def change_header(rng: random.Random, headers: dict[str, str]) -> dict[str, str]:
    changed = dict(headers)
    name = rng.choice(sorted(headers))
    value = headers[name]
    place = rng.randrange(len(value))
    kind = rng.randrange(6)
    if kind == 0:
        del changed[name]
    elif kind == 1:
        changed[name] = value[:place]
    elif kind == 2:
        changed[name] = value[:place] + rng.choice(ODD) + value[place + 1 :]
    elif kind == 3:
        changed[name] = value[:place] + value[place + 1 :]
    elif kind == 4:
        changed[name] = value[:place] + chr(ord(value[place]) ^ (1 << rng.randrange(5))) + value[place + 1 :]
    else:
        changed[name] = rng.choice(["", " ", ",", "t=,v1=", "v1,", "sha256=", "=" * 4096, "v1, " * 4096, value * 40])
    return changed


def mutate(rng: random.Random, body: bytes, headers: dict[str, str]) -> Delivery:
    touched = rng.randrange(3)
    return (
        change_body(rng, body) if touched != 1 else body,
        change_header(rng, headers) if touched != 0 else headers,
    )


@pytest.mark.parametrize("platform", sorted(SIGNERS))
def test_no_mutation_is_authentic(platform: str) -> None:
    rng, signer, webhook = random.Random(platform), SIGNERS[platform], PLATFORMS[platform].webhook
    signed = [
        (body, signer.sign(body, signer.secret, NOON)) for body in (sample.body() for sample in read_samples(platform))
    ]
    tried = 0
    while tried < EACH:
        body, headers = rng.choice(signed)
        webhook.verify(body, headers, (signer.secret,), NOON)
        changed, others = mutate(rng, body, headers)
        if (changed, others) == (body, headers):
            continue
        tried += 1
        try:
            webhook.verify(changed, others, (signer.secret,), NOON)
        except InvalidSignature:
            continue
        pytest.fail(f"accepted: {others} for {changed!r}")
