"""The chain of an account's audit entries: each carries a code over itself and the code before it, under the account's own key.

Who changes, removes, inserts or swaps rows of the database without the key leaves codes that do not fit. Who also puts an older
head back is found by the heads that were written elsewhere meanwhile.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KEY_BYTES = 32
START = "0" * 64
MOST_TOLD = 100  # of problems: a chain that is broken at its start is broken at every entry


@dataclass(frozen=True)
class Entry:
    """`object` is kind:id. `mac` is the code; empty in one that is not in the chain yet."""

    account_id: str
    seq: int
    created_at: datetime
    actor: str
    action: str
    object: str
    detail: Mapping[str, Any]
    mac: str = ""


@dataclass(frozen=True)
class Head:
    """The end of a chain and the key that its codes are made with."""

    key: bytes
    seq: int
    mac: str

    def __repr__(self) -> str:
        return f"Head(seq={self.seq}, mac={self.mac!r})"

    def to_bytes(self) -> bytes:
        return json.dumps({"key": self.key.hex(), "seq": self.seq, "mac": self.mac}).encode()


@dataclass(frozen=True)
class Anchor:
    """A head as it was at some time, written where the database's writers do not come."""

    account_id: str
    seq: int
    mac: str


@dataclass(frozen=True)
class Problem:
    """`seq` is the place in the chain."""

    seq: int
    text: str


def new_head() -> Head:
    return Head(secrets.token_bytes(KEY_BYTES), 0, START)


def read_head(plain: bytes) -> Head:
    told = json.loads(plain)
    return Head(bytes.fromhex(told["key"]), told["seq"], told["mac"])


def compute_mac(key: bytes, entry: Entry, previous: str) -> str:
    told = [
        previous,
        entry.account_id,
        entry.seq,
        entry.created_at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.object,
        entry.detail,
    ]
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.digest(key, canonical.encode(), "sha256").hex()


def digest_text(key: bytes, text: str) -> str:
    return hmac.digest(key, b"digest\x1f" + text.encode(), "sha256").hex()[:32]


@dataclass
class ChainCheck:
    """Fed with an account's entries in order; `end` compares with the head and the heads kept elsewhere. Without a key only
    the heads kept elsewhere tell anything."""

    account_id: str
    key: bytes | None
    anchors: Mapping[int, frozenset[str]] = field(default_factory=dict)
    seq: int = 0
    mac: str = START
    problems: list[Problem] = field(default_factory=list)

    def feed(self, entry: Entry) -> None:
        if entry.account_id != self.account_id:
            self.tell(entry.seq, "belongs to another account")
        if entry.seq != self.seq + 1:
            self.tell(entry.seq, f"does not follow entry {self.seq}")
        if self.key and not hmac.compare_digest(entry.mac, compute_mac(self.key, entry, self.mac)):
            self.tell(entry.seq, "was changed, or what stood before it was")
        if self.anchors.get(entry.seq, {entry.mac}) != {entry.mac}:
            self.tell(entry.seq, "is not what stood there when the head was written elsewhere")
        self.seq, self.mac = entry.seq, entry.mac

    def end(self, head: Head | None) -> list[Problem]:
        if head and head.seq > self.seq:
            self.tell(self.seq, f"is the last, but {head.seq - self.seq} more were written")
        elif head and (head.seq, head.mac) != (self.seq, self.mac):
            self.tell(self.seq, "is not the entry that the head names as the last")
        beyond = max(self.anchors, default=0) - self.seq
        if beyond > 0:
            self.tell(self.seq, f"is the last, but the heads written elsewhere know {beyond} more")
        return self.problems

    def tell(self, seq: int, what: str) -> None:
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem(seq, f"entry {seq} {what}"))
