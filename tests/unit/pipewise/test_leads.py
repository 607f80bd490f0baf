"""The status machine, pair by pair, against the table that the public contract gives."""

import itertools

import pytest

from pipewise.errors import Conflict
from pipewise.events import Identity
from pipewise.leads import Lead, Status, may_move, require_move
from tests.fakes import NOON

S = Status
OPENABLE = {S.NEW, S.CONTACTED, S.QUALIFYING, S.QUALIFIED, S.UNQUALIFIED, S.NURTURING, S.HANDED_OFF}
OPENABLE |= {S.MEETING_CANCELED, S.NO_SHOW}
# Written out from the contract's sentences; anything that is not here is not allowed.
ALLOWED: set[tuple[Status, Status]] = {
    (S.NEW, S.CONTACTED),
    (S.CONTACTED, S.QUALIFYING),
    (S.QUALIFYING, S.QUALIFIED),
    (S.QUALIFYING, S.UNQUALIFIED),
    (S.MEETING_SCHEDULED, S.MEETING_HELD),
    (S.MEETING_SCHEDULED, S.NO_SHOW),
    (S.MEETING_SCHEDULED, S.MEETING_CANCELED),
    (S.MEETING_OFFERED, S.NURTURING),
    *((current, target) for current in OPENABLE for target in (S.MEETING_OFFERED, S.NURTURING) if current != target),
    *((current, target) for current in S for target in (S.HANDED_OFF, S.OPTED_OUT, S.LOST) if current != target),
}
WITH_PROOF = ALLOWED | {(current, S.MEETING_SCHEDULED) for current in S if current is not S.MEETING_SCHEDULED}


@pytest.mark.parametrize(("current", "target"), list(itertools.product(S, S)))
def test_every_pair(current: Status, target: Status) -> None:
    assert may_move(current, target) == ((current, target) in ALLOWED)
    assert may_move(current, target, vendor_proof=True) == ((current, target) in WITH_PROOF)


def test_a_forbidden_step_is_a_conflict_that_names_both() -> None:
    require_move(S.NEW, S.CONTACTED)
    with pytest.raises(Conflict, match="from new to meeting_held") as caught:
        require_move(S.NEW, S.MEETING_HELD)
    assert caught.value.code == "status_not_allowed"
    require_move(S.NEW, S.MEETING_SCHEDULED, vendor_proof=True)


def test_a_number_is_an_address_before_a_scoped_id() -> None:
    identities = (Identity("whatsapp", "PT.abc"), Identity("whatsapp", "351911"), Identity("instagram", "7"))
    lead = Lead("1", "a", S.NEW, NOON, NOON, identities=identities)
    assert lead.address("whatsapp") == "351911"
    assert lead.address("instagram") == "7"
    assert lead.address("x") is None
