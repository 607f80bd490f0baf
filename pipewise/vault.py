"""Secrets at rest: AES-256-GCM, key id in the envelope, ciphertext bound to its place, rotation by re-sealing.

Envelope: version (1 byte) · key id (8) · nonce (12) · ciphertext and tag. The associated data is the place.
"""

import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipewise.errors import CredentialUnreadable, SettingsError

VERSION = 1
KEY_ID_BYTES = 8
NONCE_BYTES = 12
_HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES


@dataclass(frozen=True)
class Place:
    """Where a ciphertext lives; copied elsewhere it does not open."""

    table: str
    column: str
    account_id: str
    row_id: str

    def associated_data(self) -> bytes:
        parts = ["pipewise", self.table, self.column, self.account_id, self.row_id]
        return "\x1f".join(parts).encode()


class Vault:
    """Seals under the newest master key, opens under any. `repr` shows key ids only."""

    def __init__(self, master_keys: Iterable[str]) -> None:
        masters = [key for key in master_keys if key]
        if not masters:
            raise SettingsError("No master key: set PIPEWISE_SECRET_KEYS.")
        self._ciphers = {derive(key, "id", KEY_ID_BYTES): AESGCM(derive(key, "data", 32)) for key in masters}
        self._newest = next(iter(self._ciphers))
        self._proof = derive(masters[0], "proof", 32)

    def __repr__(self) -> str:
        return f"Vault(keys={[key_id.hex() for key_id in self._ciphers]})"

    @property
    def newest_key_id(self) -> str:
        return self._newest.hex()

    def seal(self, plaintext: bytes, place: Place) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._newest].encrypt(nonce, plaintext, _bind(self._newest, place))
        return bytes([VERSION]) + self._newest + nonce + sealed

    def open(self, envelope: bytes, place: Place) -> bytes:
        """Raises CredentialUnreadable for a foreign key, another place, or any changed byte."""
        if len(envelope) <= _HEADER_BYTES or envelope[0] != VERSION:
            raise CredentialUnreadable("A stored secret has an unknown format.", manual_action_required=True)
        key_id = envelope[1 : 1 + KEY_ID_BYTES]
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CredentialUnreadable(
                f"A stored secret was sealed with key {key_id.hex()}, which is not in PIPEWISE_SECRET_KEYS; add that key.",
                manual_action_required=True,
            )
        nonce = envelope[1 + KEY_ID_BYTES : _HEADER_BYTES]
        try:
            return cipher.decrypt(nonce, envelope[_HEADER_BYTES:], _bind(key_id, place))
        except InvalidTag as error:
            raise CredentialUnreadable(
                "A stored secret was changed or moved and does not open; enter it again.", manual_action_required=True
            ) from error

    def prove(self, label: str, message: str) -> bytes:
        """A value that only who holds the newest master key can make of this message, for secrets of a few minutes."""
        return hmac.digest(self._proof, f"{label}\x1f{message}".encode(), "sha256")

    def is_current(self, envelope: bytes) -> bool:
        """True if the envelope is sealed under the newest key."""
        return envelope[1 : 1 + KEY_ID_BYTES] == self._newest


def derive(master: str, label: str, length: int = 32) -> bytes:
    """A key for one purpose; different labels give unrelated keys."""
    return HKDF(SHA256(), length, salt=None, info=f"pipewise {label} v1".encode()).derive(master.encode())


def _bind(key_id: bytes, place: Place) -> bytes:
    return bytes([VERSION]) + key_id + place.associated_data()
