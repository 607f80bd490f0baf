"""What may not stand in a log: secrets that were configured or opened, anything like a token, telephone numbers and addresses.

Secrets are known by digests under a key of this process: the mask itself gives none away.
"""

import hashlib
import os
import re
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from urllib.parse import quote

STARS = "***"
SHORTEST_SECRET = 6  # a shorter value would star out ordinary words
LONGEST_SECRET = 4096
MOST_SECRETS = 20_000
TOKEN_FORM = re.compile(r"\bpw_[A-Za-z0-9_-]{16,}")
# Of leads: numbers with a plus sign, or long enough that they are no count of ours, and e-mail addresses.
NUMBER = re.compile(r"\+\d[\d ().-]{5,}\d|(?<![\w.:-])\d{9,15}(?![\w-])")
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")


class SecretMask:
    """Replaces registered values wherever they occur."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        self._key = os.urandom(32)
        self._known: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._lengths: dict[int, dict[int, int]] = {}  # hash of a beginning → length → how many such secrets
        self.add(*secrets)

    def __repr__(self) -> str:
        return f"SecretMask({len(self._known)} values)"

    def add(self, *secrets: str | None) -> None:
        """From now on; also as they stand in a URL and in base64. The oldest of very many are forgotten."""
        for secret in secrets:
            if secret and SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
                for form in _forms(secret):
                    self._register(form)

    def hide(self, text: str) -> str:
        hidden = self._hide_known(text) if self._known else text
        return ADDRESS.sub(STARS, NUMBER.sub(STARS, TOKEN_FORM.sub(STARS, hidden)))

    def _register(self, form: str) -> None:
        digest, head = self._digest(form), hash(form[:SHORTEST_SECRET])
        if digest in self._known:
            self._known.move_to_end(digest)
            return
        self._known[digest] = (head, len(form))
        lengths = self._lengths.setdefault(head, {})
        lengths[len(form)] = lengths.get(len(form), 0) + 1
        if len(self._known) > MOST_SECRETS:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, (head, length) = self._known.popitem(last=False)
        lengths = self._lengths[head]
        lengths[length] -= 1
        if not lengths[length]:
            del lengths[length]
        if not lengths:
            del self._lengths[head]

    def _hide_known(self, text: str) -> str:
        parts: list[str] = []
        kept = place = 0
        while place <= len(text) - SHORTEST_SECRET:
            length = self._found_at(text, place)
            if length:
                parts += (text[kept:place], STARS)
                place = kept = place + length
            else:
                place += 1
        return "".join((*parts, text[kept:])) if parts else text

    def _found_at(self, text: str, place: int) -> int:
        """The length of the longest secret that begins here, so that no rest stays where one is another's beginning."""
        lengths = self._lengths.get(hash(text[place : place + SHORTEST_SECRET]))
        if not lengths:
            return 0
        fitting = (length for length in sorted(lengths, reverse=True) if place + length <= len(text))
        return next((one for one in fitting if self._digest(text[place : place + one]) in self._known), 0)

    def _digest(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(errors="surrogatepass"), key=self._key, digest_size=16).digest()


def _forms(secret: str) -> Iterator[str]:
    yield secret
    quoted = quote(secret, safe="")
    if quoted != secret:
        yield quoted
    plain = secret.encode(errors="surrogatepass")
    for shift in range(3):
        # What base64 makes of it within a longer text, whatever stands before and after.
        encoded = b64encode(bytes(shift) + plain).decode()
        middle = encoded[-(-shift * 4 // 3) if shift else 0 : len(encoded) - 4]
        if len(middle) >= SHORTEST_SECRET:
            yield middle
