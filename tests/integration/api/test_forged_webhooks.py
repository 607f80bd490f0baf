"""Forged and mutated webhooks over HTTP: none is accepted, none leaves a row, none is answered 5xx; and what a vendor signs is
taken for what it is, however odd. Hundreds in the suite; `make forgeries` tries ten thousand for each platform."""

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from pipewise.storage.tables import events, leads, messages
from tests.contract.payloads import read_samples
from tests.contract.signing import SIGNERS, Signer
from tests.contract.test_mutations import change_body, change_header
from tests.faults_plan import is_long
from tests.integration.api.running import Running

FORGED = 10_000 if is_long() else 150
ODD = 1_000 if is_long() else 40
REFUSED = {400, 401, 404, 415}
OTHER_SECRET = {
    "calendly": "another-integration-key",
    "form": "whsec_cGxhbnRlZC1mb3JtLXNlY3JldC0wMDAy",  # not-a-secret
    "instagram": "another-app-secret",
    "whatsapp": "another-app-secret",
    "x": "another-consumer-secret",
}
Headers = list[tuple[bytes, bytes]]
Request = tuple[str, bytes, Headers]


def as_bytes(headers: dict[str, str]) -> Headers:
    """As they would stand on the wire: what no HTTP client sends is sent all the same."""
    return [
        (name.encode(), value.encode("utf-8", "surrogatepass").replace(b"\n", b" ")) for name, value in headers.items()
    ]


class Forger:
    """Knows real deliveries of one platform and everything about it but the secret of the integration under attack."""

    def __init__(self, platform: str, paths: dict[str, str], now: datetime) -> None:
        self.rng = random.Random(f"forged {platform}")
        self.platform = platform
        self.signer: Signer = SIGNERS[platform]
        self.paths = paths
        self.now = now
        self.samples = [(sample.body(), sample.content_type) for sample in read_samples(platform)]

    def forge(self) -> tuple[str, Request]:
        kinds: list[Callable[[bytes, str], Request]] = [
            self.changed_body,
            self.changed_body,
            self.changed_header,
            self.changed_both,
            self.other_secret,
            self.other_way_of_signing,
            self.unsigned,
            self.other_integration,
            self.rewritten,
            self.renamed_header,
            self.another_first,
            self.signed_for_another_body,
            *([self.stale] if self.signer.signs_time else []),
        ]
        kind = self.rng.choice(kinds)
        return kind.__name__, kind(*self.rng.choice(self.samples))

    def signed(self, body: bytes, secret: str | None = None, at: datetime | None = None) -> dict[str, str]:
        return self.signer.sign(body, secret or self.signer.secret, at or self.now)

    def request(self, body: bytes, content_type: str, headers: dict[str, str], to: str = "own") -> Request:
        place = self.paths["shared"] if to == "own" and self.rng.random() < 0.2 else self.paths[to]
        return place, body, [(b"content-type", content_type.encode()), *as_bytes(headers)]

    def changed_body(self, body: bytes, content_type: str) -> Request:
        changed = body
        while changed == body:
            changed = change_body(self.rng, body)
        return self.request(changed, content_type, self.signed(body))

    def changed_header(self, body: bytes, content_type: str) -> Request:
        headers = self.signed(body)
        changed = headers
        while changed == headers or _means_the_same(headers, changed):
            changed = change_header(self.rng, headers)
        return self.request(body, content_type, changed)

    def changed_both(self, body: bytes, content_type: str) -> Request:
        changed = body
        while changed == body:
            changed = change_body(self.rng, body)
        return self.request(changed, content_type, change_header(self.rng, self.signed(body)))

    def other_secret(self, body: bytes, content_type: str) -> Request:
        """Of another integration, empty-like, or the secret in another spelling."""
        secret = self.signer.secret
        spelled = [
            OTHER_SECRET[self.platform],
            secret.upper(),
            f" {secret}",
            secret[:-1],
            secret[::-1],
            "undefined",
            "null",
            "0",
        ]
        if self.platform == "form":
            spelled = [OTHER_SECRET["form"], "whsec_AAAA", "whsec_bnVsbG51bGxudWxs"]
        return self.request(body, content_type, self.signed(body, self.rng.choice(spelled)))

    def other_way_of_signing(self, body: bytes, content_type: str) -> Request:
        swaps = [
            ("sha256=", "sha1="),
            ("sha256=", "sha512="),
            ("sha256=", "none="),
            ("sha256=", ""),
            ("v1", "v0"),
            ("v1", "v1a"),
        ]
        swaps += [("v1", "v2"), ("v1,", ""), ("sha256=", "SHA256 ="), ("t=", "T="), ("v1=", "v1:")]
        headers = self.signed(body)
        changed = headers
        while changed == headers:
            old, new = self.rng.choice(swaps)
            changed = {name: value.replace(old, new) for name, value in headers.items()}
        return self.request(body, content_type, changed)

    def unsigned(self, body: bytes, content_type: str) -> Request:
        blank = self.rng.choice(["", " ", "0" * 64, "sha256=", "v1,", "t=0,v1=", "\u0663", "sha256=" + "0" * 64])
        headers = dict.fromkeys(self.signed(body), blank) if self.rng.random() < 0.7 else {}
        return self.request(body, content_type, headers)

    def other_integration(self, body: bytes, content_type: str) -> Request:
        """What is rightly signed for one is nothing to the other."""
        return self.request(body, content_type, self.signed(body), to="other")

    def rewritten(self, body: bytes, content_type: str) -> Request:
        """The same document in other bytes."""
        try:
            document = json.loads(body)
        except ValueError:
            return self.changed_body(body, content_type)
        changed = json.dumps(document, sort_keys=True, indent=1).encode()
        return self.request(changed, content_type, self.signed(body))

    def renamed_header(self, body: bytes, content_type: str) -> Request:
        renames = [
            ("-", "_"),
            ("-signature", "-signature-256x"),
            ("x-", "y-"),
            ("signature", "signatures"),
            ("webhook", "svix"),
        ]
        headers = self.signed(body)
        changed = headers
        while changed == headers:
            old, new = self.rng.choice(renames)
            changed = {name.lower().replace(old, new): value for name, value in headers.items()}
            if self.platform == "form" and old == "webhook":
                changed = headers  # the specification knows both names
        return self.request(body, content_type, changed)

    def another_first(self, body: bytes, content_type: str) -> Request:
        """A header twice: what counts is the first, and the first is forged."""
        place, content, headers = self.request(body, content_type, self.signed(body, OTHER_SECRET[self.platform]))
        return place, content, [*headers, *as_bytes(self.signed(body))]

    def signed_for_another_body(self, body: bytes, content_type: str) -> Request:
        other = body
        while other == body:
            other = self.rng.choice([*(one for one, _ in self.samples), b"", b"{}", b"[]", b"null"])
        return self.request(body, content_type, self.signed(other))

    def stale(self, body: bytes, content_type: str) -> Request:
        step = timedelta(minutes=self.rng.choice([-525_600, -1_440, -61, -16, 16, 61, 1_440, 525_600]))
        return self.request(body, content_type, self.signed(body, at=self.now + step))


def _means_the_same(headers: dict[str, str], changed: dict[str, str]) -> bool:
    """White space at the end of a value is no part of it in HTTP."""
    return {name: value.strip() for name, value in changed.items()} == headers


async def post(api: Running, request: Request) -> httpx.Response:
    path, body, headers = request
    return await api.http.post(path, content=body, headers=headers)


async def rows(api: Running) -> int:
    async with api.resources.database.read() as connection:
        counted = [select(func.count()).select_from(table) for table in (events, leads, messages)]
        return sum([int((await connection.execute(one)).scalar_one()) for one in counted])


async def path_of(api: Running, platform: str, who: str, **credentials: str) -> str:
    body = {"platform": platform, "credentials": {**SIGNERS[platform].credentials, **credentials}}
    made = await api.call("POST", "/api/integrations", who=who, json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["webhook_url"].removeprefix(api.settings.public_url))


async def forger_of(api: Running, platform: str) -> Forger:
    signer = SIGNERS[platform]
    own = await path_of(api, platform, "admin")
    numbers = {name: "999000000000009" for name in ("phone_number_id", "account_id") if name in signer.credentials}
    other = await path_of(api, platform, "stranger", **numbers, **{signer.secret_field: OTHER_SECRET[platform]})
    # Calendly and the forms name no account in a delivery: they have no shared callback.
    paths = {"own": own, "other": other, "shared": f"/webhooks/{platform}" if numbers else own}
    return Forger(platform, paths, api.resources.clock.now())


@pytest.mark.parametrize("platform", sorted(SIGNERS))
async def test_no_forgery_is_accepted_or_leaves_a_row(api_on_sqlite: Running, platform: str) -> None:
    api, forger = api_on_sqlite, await forger_of(api_on_sqlite, platform)
    tried: Counter[tuple[str, int]] = Counter()
    for _ in range(FORGED):
        kind, request = forger.forge()
        answer = await post(api, request)
        tried[kind, answer.status_code] += 1
        assert answer.status_code in REFUSED, (kind, request, answer.text)
        assert answer.json()["success"] is False
    assert await rows(api) == 0
    print(f"\n{platform}: {FORGED} forged, {dict(sorted(tried.items()))}")  # noqa: T201  numbers of the proof
    assert len({kind for kind, _ in tried}) >= 11


def odd_bodies(rng: random.Random, body: bytes) -> bytes:
    """What a vendor would never send, rightly signed: any value anywhere in the document."""
    try:
        document = json.loads(body)
    except ValueError:
        return change_body(rng, body)
    for _ in range(rng.randint(1, 4)):
        document = put_anywhere(rng, document)
    written = json.dumps(document)
    return written.encode("utf-8", "surrogatepass") if rng.random() < 0.9 else change_body(rng, written.encode())


VALUES: list[Any] = [
    None, True, 0, -1, 1e308, 10**400, "", " ", "\x00", "\ud800", "\u202e", "x" * 70_000, "9" * 5_000, [], {}, [[]], {"": ""}, [None] * 50,
    "https://127.0.0.1/", "2026-02-30T25:61:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00-14:00", "💥" * 300, float("nan"),
]  # fmt: skip


def put_anywhere(rng: random.Random, document: Any) -> Any:
    """A copy with one value replaced, removed, doubled or put in."""
    if not isinstance(document, dict | list) or not document or rng.random() < 0.1:
        return rng.choice(VALUES)
    if isinstance(document, list):
        place = rng.randrange(len(document))
        if rng.random() < 0.2:
            return document + document[place : place + 1] * rng.randint(1, 20)
        return [put_anywhere(rng, one) if number == place else one for number, one in enumerate(document)]
    key = rng.choice(sorted(document))
    if rng.random() < 0.15:
        return {name: value for name, value in document.items() if name != key}
    if rng.random() < 0.1:
        return {**document, rng.choice(["", "\x00", "__proto__", "id", "x" * 3_000]): rng.choice(VALUES)}
    return {**document, key: put_anywhere(rng, document[key])}


@pytest.mark.parametrize("platform", sorted(SIGNERS))
async def test_an_odd_body_that_is_rightly_signed_is_counted(api: Running, platform: str) -> None:
    forger, rng = await forger_of(api, platform), random.Random(f"odd {platform}")
    answers: Counter[int] = Counter()
    items: Counter[str] = Counter()
    for _ in range(ODD):
        body, content_type = rng.choice(forger.samples)
        odd = odd_bodies(rng, body)
        headers = [(b"content-type", content_type.encode()), *as_bytes(forger.signed(odd))]
        answer = await post(api, (forger.paths["own"], odd, headers))
        answers[answer.status_code] += 1
        assert answer.status_code in {200, 413}, (odd, answer.text)
        if answer.status_code == 200:
            items.update(answer.json())
    print(f"\n{platform}: {ODD} odd bodies, {dict(answers)}, {dict(items)}")  # noqa: T201  numbers of the proof
    assert answers[200] > ODD // 2
    assert items["rejected"] > 0
