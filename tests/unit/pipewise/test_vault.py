"""A sealed secret opens with its key, in its place, unchanged; in no other way."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipewise.errors import CredentialUnreadable, SettingsError
from pipewise.vault import Place, Vault, derive

PLACE = Place("integrations", "credentials", "account", "row")
SECRET = b"planted-secret"


def test_what_was_sealed_opens_again_and_never_looks_the_same() -> None:
    vault = Vault(["master"])
    first, second = vault.seal(SECRET, PLACE), vault.seal(SECRET, PLACE)
    assert vault.open(first, PLACE) == vault.open(second, PLACE) == SECRET
    assert first != second
    assert SECRET not in first


def test_every_flipped_bit_is_noticed() -> None:
    vault = Vault(["master"])
    envelope = vault.seal(SECRET, PLACE)
    for position in range(len(envelope)):
        for bit in (1, 128):
            changed = bytearray(envelope)
            changed[position] ^= bit
            with pytest.raises(CredentialUnreadable):
                vault.open(bytes(changed), PLACE)


@pytest.mark.parametrize("length", range(40))
def test_every_cut_is_noticed(length: int) -> None:
    vault = Vault(["master"])
    envelope = vault.seal(SECRET, PLACE)
    with pytest.raises(CredentialUnreadable):
        vault.open(envelope[:length], PLACE)
    with pytest.raises(CredentialUnreadable):
        vault.open(envelope + b"x", PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("meetings", "credentials", "account", "row"),
        Place("integrations", "previous_credentials", "account", "row"),
        Place("integrations", "credentials", "other", "row"),
        Place("integrations", "credentials", "account", "other"),
        Place("integrations", "credentials", "accountrow", ""),
    ],
)
def test_moved_elsewhere_it_does_not_open(elsewhere: Place) -> None:
    vault = Vault(["master"])
    with pytest.raises(CredentialUnreadable, match="changed or moved"):
        vault.open(vault.seal(SECRET, PLACE), elsewhere)


ids = st.text(st.characters(categories=["L", "N"], include_characters="-_"), max_size=8)


@given(st.tuples(ids, ids, ids, ids), st.tuples(ids, ids, ids, ids))
@example(("a", "bc", "d", "e"), ("ab", "c", "d", "e"))
def test_different_places_are_bound_differently(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert (Place(*one).associated_data() == Place(*other).associated_data()) == (one == other)


def test_a_foreign_key_is_named_by_its_id_alone() -> None:
    foreign = Vault(["another master"])
    with pytest.raises(CredentialUnreadable, match=foreign.newest_key_id) as caught:
        Vault(["master"]).open(foreign.seal(SECRET, PLACE), PLACE)
    assert caught.value.manual_action_required
    assert "another master" not in caught.value.message


def test_rotation_seals_under_the_newest_and_opens_under_any() -> None:
    old, both, new = Vault(["old"]), Vault(["new", "old"]), Vault(["new"])
    envelope = old.seal(SECRET, PLACE)
    assert both.open(envelope, PLACE) == SECRET
    assert not both.is_current(envelope)
    fresh = both.seal(both.open(envelope, PLACE), PLACE)
    assert both.is_current(fresh)
    assert new.open(fresh, PLACE) == SECRET
    with pytest.raises(CredentialUnreadable):
        new.open(envelope, PLACE)
    with pytest.raises(CredentialUnreadable):
        old.open(fresh, PLACE)


def test_repr_shows_key_ids_and_no_keys() -> None:
    shown = repr(Vault(["planted-master", "planted-old"]))
    assert "planted" not in shown
    assert Vault(["planted-master"]).newest_key_id in shown


@pytest.mark.parametrize("keys", [[], [""]])
def test_without_a_key_there_is_no_vault(keys: list[str]) -> None:
    with pytest.raises(SettingsError, match="PIPEWISE_SECRET_KEYS"):
        Vault(keys)


def test_keys_for_different_purposes_are_unrelated() -> None:
    labels = ["id", "data", "sessions", "webhooks", "audit"]
    derived = [derive(master, label) for master in ("one", "two") for label in labels]
    assert len({*derived, *(key[:8] for key in derived)}) == 2 * len(derived)
    assert derive("one", "data") == derive("one", "data")
