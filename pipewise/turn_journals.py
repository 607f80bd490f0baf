"""Keeping journals: a turn's segments while it is under way, one sealed row when it is committed."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from pipewise.clock import Clock
from pipewise.errors import CredentialUnreadable
from pipewise.journal import Journal, Recording, read_recording
from pipewise.journal_codec import canonical, typed
from pipewise.leads import Lead
from pipewise.storage.group_commit import GroupCommit
from pipewise.storage.journal import TURN, JournalRow, put_segment, row_id
from pipewise.turns import TurnRequest
from pipewise.vault import Place, Vault

FORMAT = 1


@dataclass(frozen=True)
class RecordedTurn:
    """`lead` is the lead as the turn began, `given` the graph's input, `before` the state it started from, `after` the digests
    of the state it left, by channel; `outbound` what the commit made of the proposal. `versions` are of code and prompts."""

    versions: Mapping[str, str]
    has_provider: bool
    lead: Mapping[str, Any]
    given: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, str]
    recording: Recording
    outbound: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "versions": dict(self.versions),
            "has_provider": self.has_provider,
            "lead": dict(self.lead),
            "given": dict(self.given),
            "before": dict(self.before),
            "after": dict(self.after),
            "recording": self.recording.as_dict(),
            "outbound": dict(self.outbound),
        }


def read_turn(document: Mapping[str, Any]) -> RecordedTurn:
    fields = {name: value for name, value in document.items() if name != "format"}
    return RecordedTurn(**{**fields, "recording": read_recording(document["recording"])})


@dataclass(frozen=True)
class KeptTurn:
    """A turn that ended, with the means to seal it."""

    turn: RecordedTurn
    request: TurnRequest
    vault: Vault
    has_segments: bool

    @property
    def summary(self) -> list[dict[str, Any]]:
        return [step.summary() for step in self.turn.recording.steps]

    def row(self, outbound: Mapping[str, Any], now: datetime) -> JournalRow:
        document = replace(self.turn, outbound=outbound).as_dict()
        return _seal(self.vault, self.request, TURN, "", document, now)


class TurnJournals:
    """`versions` name the code and prompts that run here."""

    def __init__(self, vault: Vault, commits: GroupCommit, clock: Clock, versions: Mapping[str, str]) -> None:
        self._vault = vault
        self._commits = commits
        self._clock = clock
        self.versions = versions

    def open(self, request: TurnRequest) -> Journal:
        """A journal that goes on where an earlier try of the same turn ended, with the lead as it was when that one began: a
        meeting that it booked is no news to its own turn."""
        recorded, began = self._read_segments(request)
        lead = began or request.lead
        commit = partial(self._commit, request, lead)
        journal = Journal(lead=lead, recorded=recorded, commit=commit, withdrawal=request.withdrawal)
        if recorded:
            journal.skip_segments(len(request.segments))
        return journal

    def keep(self, request: TurnRequest, journal: Journal, turn: RecordedTurn) -> KeptTurn:
        return KeptTurn(turn, request, self._vault, has_segments=journal.has_segments or bool(request.segments))

    def _read_segments(self, request: TurnRequest) -> tuple[Recording | None, Lead | None]:
        try:
            documents = [open_document(self._vault, row) for row in request.segments]
        except CredentialUnreadable:
            return None, None  # sealed under a key that is gone: the turn is worked out anew
        if not documents:
            return None, None
        joined = Recording()
        for document in documents:
            joined = joined.joined(read_recording(document))
        return joined, typed(Lead).decode(documents[0]["lead"])

    async def _commit(self, request: TurnRequest, lead: Lead, ordinal: int, segment: Recording) -> Recording:
        asked = segment.steps[-1].request
        began = {"lead": typed(Lead).encode(lead)} if ordinal == 0 else {}
        row = _seal(self._vault, request, ordinal, asked, {**segment.as_dict(), **began}, self._clock.now())
        stands: JournalRow = await self._commits.run(partial(put_segment, row=row, lease=request.lease))
        return segment if stands is row else read_recording(open_document(self._vault, stands))


def open_document(vault: Vault, row: JournalRow) -> Any:
    """Raises CredentialUnreadable if any byte was changed."""
    return json.loads(zlib.decompress(vault.open(row.sealed, _place(row.account_id, row.id))))


def _seal(
    vault: Vault, request: TurnRequest, ordinal: int, asked: str, document: Mapping[str, Any], now: datetime
) -> JournalRow:
    identity = row_id(request.run_id, ordinal)
    packed = zlib.compress(canonical(document).encode("utf-8", "surrogatepass"), 6)
    sealed = vault.seal(packed, _place(request.account_id, identity))
    lead_id = request.lead.id
    return JournalRow(identity, request.account_id, lead_id, request.run_id, ordinal, asked, sealed, now)


def _place(account_id: str, identity: str) -> Place:
    return Place("journal", "sealed", account_id, identity)
