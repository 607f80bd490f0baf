"""What every platform owes: authentic deliveries only, every item accounted for, secrets kept, and no surprise on any input."""

import copy
import json
import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from pipewise.errors import InvalidSignature, MalformedPayload
from pipewise.events import EventKind, InboundEvent, ParsedDelivery
from pipewise.platforms.base import Credentials, Platform, WebhookAdapter
from pipewise.platforms.registry import PLATFORMS, get_platform
from tests.contract.payloads import JSON, Sample, read_samples
from tests.contract.signing import SIGNERS
from tests.fakes import NOON

BODY = '{"note": "naïve café ☕", "n": [1, 2, 3]}'.encode()
PLATFORM_NAMES = sorted(PLATFORMS)
SAMPLES = [sample for name in PLATFORM_NAMES for sample in read_samples(name)]
LONGEST_KEY = 512
MOST_ITEMS = 2000
quick = settings(max_examples=60, deadline=None, database=None)

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
)

each_platform = pytest.mark.parametrize("name", PLATFORM_NAMES)
each_sample = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def adapter(name: str) -> WebhookAdapter:
    return PLATFORMS[name].webhook


def credentials(name: str) -> Credentials:
    return PLATFORMS[name].credentials(**SIGNERS[name].credentials)


def signed(name: str, body: bytes = BODY) -> dict[str, str]:
    signer = SIGNERS[name]
    return signer.sign(body, signer.secret, NOON)


def refuses(name: str, body: bytes, headers: dict[str, str], secrets: tuple[str, ...] | None = None) -> bool:
    """True if the delivery is refused as not authentic; any other failure is a failure of the test."""
    try:
        adapter(name).verify(body, headers, (SIGNERS[name].secret,) if secrets is None else secrets, NOON)
    except InvalidSignature:
        return True
    return False


def parse(sample: Sample, document: Any = None, later: float = 0) -> ParsedDelivery:
    platform = adapter(sample.platform)
    body = sample.body()
    if document is None:
        document = platform.decode(body, sample.content_type)
    headers = SIGNERS[sample.platform].sign(body, SIGNERS[sample.platform].secret, NOON) | sample.headers
    return platform.parse(document, NOON + timedelta(seconds=later), headers)


@each_platform
def test_a_platform_is_registered_under_its_name_and_comes_with_samples(name: str) -> None:
    assert get_platform(name).name == name
    assert name in SIGNERS, "add a row to tests/contract/signing.py"
    assert read_samples(name), f"add deliveries to tests/payloads/{name}"
    assert all(sample.source for sample in read_samples(name)), "say where the structure is documented"


# Authenticity


@each_platform
def test_a_rightly_signed_delivery_passes(name: str) -> None:
    assert not refuses(name, BODY, signed(name))
    assert adapter(name).signing_secrets(credentials(name)) == (SIGNERS[name].secret,)


@each_platform
def test_any_changed_byte_of_the_body_is_noticed(name: str) -> None:
    headers = signed(name)
    for position in range(len(BODY)):
        changed = bytearray(BODY)
        changed[position] ^= 1
        assert refuses(name, bytes(changed), headers)
    assert refuses(name, BODY + b" ", headers)
    assert refuses(name, BODY[:-1], headers)
    assert refuses(name, b"", headers)


@each_platform
def test_any_changed_character_of_a_header_is_noticed(name: str) -> None:
    headers = signed(name)
    for header, value in headers.items():
        for position in range(len(value)):
            other = "A" if value[position] != "A" else "B"
            assert refuses(name, BODY, headers | {header: value[:position] + other + value[position + 1 :]})


@each_platform
def test_every_signed_header_is_needed(name: str) -> None:
    headers = signed(name)
    for header in headers:
        assert refuses(name, BODY, {key: value for key, value in headers.items() if key != header})
        assert refuses(name, BODY, headers | {header: ""})


@each_platform
def test_a_body_written_anew_from_the_same_document_fails(name: str) -> None:
    rewritten = json.dumps(json.loads(BODY)).encode()
    assert rewritten != BODY
    assert refuses(name, rewritten, signed(name))


@each_platform
def test_without_a_secret_nothing_passes(name: str) -> None:
    forged = SIGNERS[name].sign(BODY, "", NOON)
    for headers in (signed(name), forged):
        assert refuses(name, BODY, headers, ())
        assert refuses(name, BODY, headers, ("",))


@each_platform
def test_another_secret_fails_and_both_secrets_of_a_rotation_pass(name: str) -> None:
    signer, old = SIGNERS[name], "another-planted-secret-0002"
    assert refuses(name, BODY, signed(name), (old,))
    assert not refuses(name, BODY, signed(name), (signer.secret, old))
    assert not refuses(name, BODY, signer.sign(BODY, old, NOON), (signer.secret, old))


@pytest.mark.parametrize("name", [name for name in PLATFORM_NAMES if SIGNERS[name].signs_time])
@pytest.mark.parametrize("minutes", [-60, -6, 6, 60])
def test_a_signed_time_must_be_near(name: str, minutes: int) -> None:
    signer = SIGNERS[name]
    assert refuses(name, BODY, signer.sign(BODY, signer.secret, NOON + timedelta(minutes=minutes)))
    assert not refuses(name, BODY, signer.sign(BODY, signer.secret, NOON + timedelta(seconds=minutes)))


@each_platform
@quick
@given(data=st.data())
def test_no_headers_or_body_do_more_than_fail(name: str, data: st.DataObject) -> None:
    headers = signed(name)
    junk = st.text(max_size=80) | st.sampled_from(sorted(headers.values())).map(lambda value: value.swapcase())
    given_headers = {header: data.draw(junk) for header in headers}
    assert refuses(name, data.draw(st.binary(max_size=60)), given_headers)


# Handshake


@each_platform
@quick
@given(
    query=st.dictionaries(st.sampled_from(["hub.mode", "hub.challenge", "hub.verify_token", "crc_token"]), st.text())
)
def test_a_handshake_of_strangers_is_answered_and_inert(name: str, query: dict[str, str]) -> None:
    answer = adapter(name).handshake(query, (credentials(name),))
    assert answer.media_type in {"text/plain", "application/json"}
    assert not set("<>&") & set(answer.body)
    assert adapter(name).handshake(query, ()).status >= 400


# Parsing


@each_sample
def test_every_item_of_a_sample_is_accounted_for(sample: Sample) -> None:
    parsed = parse(sample)
    counts = {"events": len(parsed.events), "ignored": parsed.ignored, "rejected": len(parsed.rejected)}
    assert counts == sample.expect, [item.reason for item in parsed.rejected]


@each_sample
def test_events_are_complete_and_storable(sample: Sample) -> None:
    refs = adapter(sample.platform).account_refs(sample.document)
    for event in parse(sample).events:
        assert_complete(event)
        assert event.account_ref is None or event.account_ref in refs


def assert_complete(event: InboundEvent) -> None:
    assert 0 < len(event.dedupe_key) <= LONGEST_KEY
    assert event.occurred_at is None or event.occurred_at.utcoffset() == timedelta(0)
    assert json.loads(json.dumps(dict(event.content), allow_nan=False)) == dict(event.content)
    if event.kind in {EventKind.MESSAGE, EventKind.FORM, EventKind.IDENTITY}:
        assert event.sender is not None
        assert event.sender.identities
        assert all(identity.external_id for identity in event.sender.identities)
    if event.kind is EventKind.MESSAGE:
        assert isinstance(event.content["type"], str)
        assert isinstance(event.content["text"], str)


@each_sample
def test_a_redelivery_has_the_same_keys_however_it_is_written(sample: Sample) -> None:
    written_anew = adapter(sample.platform).decode(
        sample.body(indent=1, sort_keys=True) if sample.content_type == JSON else sample.body(), sample.content_type
    )
    first, second = parse(sample), parse(sample, written_anew, later=3600)
    assert sorted(keys(first)) == sorted(keys(second))


@each_sample
def test_keys_are_unique_within_a_delivery(sample: Sample) -> None:
    assert len(set(keys(parse(sample)))) == len(keys(parse(sample)))


def keys(parsed: ParsedDelivery) -> list[str]:
    return [event.dedupe_key for event in parsed.events] + [item.dedupe_key for item in parsed.rejected]


@each_sample
def test_parsing_changes_nothing_and_repeats_itself(sample: Sample) -> None:
    document = adapter(sample.platform).decode(sample.body(), sample.content_type)
    before = copy.deepcopy(document)
    assert parse(sample, document) == parse(sample, document)
    assert document == before


@each_platform
@quick
@given(document=documents)
def test_any_json_document_is_parsed(name: str, document: Any) -> None:
    adapter(name).account_refs(document)
    parsed = adapter(name).parse(document, NOON, {})
    for event in parsed.events:
        assert_complete(event)


@each_sample
def test_a_sample_damaged_anywhere_is_still_parsed(sample: Sample) -> None:
    rng = random.Random(str(sample))
    junk: list[Any] = [None, True, -1, 10**30, 1.5, "", "x", "x" * 2000, "\u202e", [], [[]], {}, {"id": {}}, "9" * 15]
    document = adapter(sample.platform).decode(sample.body(), sample.content_type)
    for path in paths(document):
        damaged = copy.deepcopy(document)
        replace(damaged, path, rng.choice(junk))
        adapter(sample.platform).account_refs(damaged)
        try:
            events = parse(sample, damaged).events
        except MalformedPayload:
            continue
        for event in events:
            assert_complete(event)


def paths(value: Any, *above: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside a document."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, inner in children for path in [(*above, key), *paths(inner, *above, key)]]


def replace(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


@each_platform
@quick
@given(body=st.binary(max_size=60), content_type=st.text(max_size=20) | st.sampled_from([JSON, "a/b; charset=x"]))
def test_undecodable_bodies_are_malformed_and_nothing_else(name: str, body: bytes, content_type: str) -> None:
    try:
        adapter(name).decode(body, content_type)
    except MalformedPayload:
        return


@each_platform
def test_content_types_are_declared_and_decoded(name: str) -> None:
    assert JSON in adapter(name).content_types
    for content_type in adapter(name).content_types:
        assert content_type == content_type.lower()
        assert (
            adapter(name).decode(b"{}" if content_type == JSON else b"a=b", f"{content_type}; charset=utf-8")
            is not None
        )


# Credentials


@each_platform
def test_credentials_never_show_their_secrets(name: str) -> None:
    held = credentials(name)
    shown = f"{held!r} {held} {held.model_dump()} {held.model_dump_json()}"
    secrets = [value.get_secret_value() for _, value in held if isinstance(value, SecretStr)]
    assert secrets
    assert not [secret for secret in secrets if secret in shown]


@each_platform
def test_refused_credentials_never_show_what_was_entered(name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        PLATFORMS[name].credentials(**{**SIGNERS[name].credentials, "planted_extra": "planted-value"})
    assert "planted-value" not in str(refusal.value)


@each_platform
def test_forms_for_credentials_and_settings_can_be_drawn(name: str) -> None:
    platform: Platform = PLATFORMS[name]
    schema = platform.credentials.model_json_schema()
    assert schema["properties"]
    assert all(field.get("title") for field in schema["properties"].values())
    assert set(SIGNERS[name].credentials) == set(schema["properties"])
    assert platform.settings.model_json_schema()["type"] == "object"
    assert platform.settings() is not None
    assert platform.account_ref_field is None or platform.account_ref_field in schema["properties"]
