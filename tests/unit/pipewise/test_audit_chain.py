"""A chain of audit entries shows every way in which it can be tampered with."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from pipewise.audit_chain import START, ChainCheck, Entry, Head, compute_mac, new_head, read_head
from tests.fakes import NOON

TRIALS = 1000
ACTIONS = ("lead.taken_over", "credential.read", "token.created")


def make_chain(rng: random.Random, key: bytes, length: int, account_id: str = "ana") -> list[Entry]:
    entries, previous = [], START
    for seq in range(1, length + 1):
        bare = Entry(
            account_id,
            seq,
            NOON + timedelta(seconds=rng.randrange(100_000)),
            rng.choice(("ana@shop.example", "system")),
            rng.choice(ACTIONS),
            f"lead:{rng.randrange(10)}",
            {"names": ["email"], "count": rng.randrange(5)},
        )
        previous = compute_mac(key, bare, previous)
        entries.append(replace(bare, mac=previous))
    return entries


def problems(entries: list[Entry], head: Head, anchors: dict[int, frozenset[str]] | None = None) -> list[str]:
    check = ChainCheck("ana", head.key, anchors or {})
    for entry in entries:
        check.feed(entry)
    return [problem.text for problem in check.end(head)]


def edited(rng: random.Random, entry: Entry) -> Entry:
    changes = (
        {"actor": entry.actor + "x"},
        {"action": "lead.released"},
        {"object": entry.object + "0"},
        {"created_at": entry.created_at + timedelta(microseconds=1)},
        {"detail": {**entry.detail, "count": -1}},
        {"account_id": "bea"},
        {"mac": ("0" if entry.mac[0] != "0" else "1") + entry.mac[1:]},
    )
    return replace(entry, **rng.choice(changes))  # type: ignore[arg-type]


def borrow(rng: random.Random, kind: str, key: bytes, place: int) -> Entry:
    """An entry of another account, or of another course of things under the same key, as a backup that was put back has it."""
    if kind == "splice":
        return make_chain(rng, key, place + 1)[place]
    return rng.choice(make_chain(rng, new_head().key, place + 1, "bea"))


def tamper(rng: random.Random, entries: list[Entry], head: Head) -> tuple[str, list[Entry], Head]:
    """One of the ways, at a random place; the chain that comes of it differs from what it was."""
    kind = rng.choice(
        ("edit", "delete", "insert", "copy", "swap", "cut", "cut with head", "foreign", "splice", "rewrite")
    )
    changed, place = list(entries), rng.randrange(len(entries))
    match kind:
        case "edit":
            changed[place] = edited(rng, changed[place])
        case "delete":
            del changed[place]
        case "insert":
            changed.insert(place, edited(rng, changed[place]))
        case "copy":
            changed.insert(place, rng.choice(entries))
        case "swap":
            other = (place + rng.randrange(1, len(entries))) % len(entries)
            changed[place], changed[other] = changed[other], changed[place]
        case "cut":
            del changed[place:]
        case "cut with head":
            del changed[place:]
            head = Head(head.key, place, changed[-1].mac if changed else START)
        case "foreign" | "splice":
            changed[place] = borrow(rng, kind, head.key, place)
        case "rewrite":
            fresh = new_head().key
            changed = make_chain(rng, fresh, len(entries))
            head = Head(fresh, len(changed), changed[-1].mac)
    return kind, changed, head


def test_a_thousand_tamperings_are_found(capsys: pytest.CaptureFixture[str]) -> None:
    rng = random.Random(20261125)
    tried: dict[str, int] = {}
    for number in range(TRIALS):
        key = new_head().key
        entries = make_chain(rng, key, rng.randrange(2, 30))
        head = Head(key, len(entries), entries[-1].mac)
        anchors = {len(entries): frozenset({entries[-1].mac})}
        assert problems(entries, head, anchors) == []
        kind, changed, put_back = tamper(rng, entries, head)
        assert problems(changed, put_back, anchors), (number, kind)
        tried[kind] = tried.get(kind, 0) + 1
    with capsys.disabled():
        print(f"\n{sum(tried.values())} of {TRIALS} tamperings of the audit chain found")  # noqa: T201  for whoever reads the run
    assert len(tried) == 10
    assert min(tried.values()) > 50


def test_without_the_heads_written_elsewhere_a_cut_with_its_head_would_pass() -> None:
    """What the second place is for."""
    key = new_head().key
    entries = make_chain(random.Random(1), key, 5)
    cut = Head(key, 3, entries[2].mac)
    assert problems(entries[:3], cut) == []
    assert problems(entries[:3], cut, {5: frozenset({entries[4].mac})}) == [
        "entry 3 is the last, but the heads written elsewhere know 2 more"
    ]


def test_a_chain_that_grew_over_a_cut_is_not_what_was_written_elsewhere() -> None:
    key = new_head().key
    entries, other = make_chain(random.Random(1), key, 5), make_chain(random.Random(2), key, 5)
    told = problems(other, Head(key, 5, other[4].mac), {4: frozenset({entries[3].mac})})
    assert told == ["entry 4 is not what stood there when the head was written elsewhere"]


def test_a_head_survives_its_writing_and_shows_no_key() -> None:
    head = Head(new_head().key, 7, "ab" * 32)
    assert read_head(head.to_bytes()) == head
    assert head.key.hex() not in repr(head)


@pytest.mark.parametrize("length", [0, 1])
def test_short_chains_are_sound(length: int) -> None:
    key = new_head().key
    entries = make_chain(random.Random(1), key, length)
    assert problems(entries, Head(key, length, entries[-1].mac if entries else START)) == []
