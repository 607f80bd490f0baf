"""Everything the sandbox knows, in one object on `app.state`; a reset gives back the initial world."""

import random
from typing import Annotated, cast

import httpx
from fastapi import Depends, Request

from pipewise.clock import Clock
from pipewise.sandbox.calendly_state import CalendlyWorld
from pipewise.sandbox.deliveries import Deliveries
from pipewise.sandbox.faults import FaultBoard
from pipewise.sandbox.instagram_state import InstagramWorld
from pipewise.sandbox.ledger import Ledger
from pipewise.sandbox.model_state import ModelWorld
from pipewise.sandbox.whatsapp_state import WhatsAppWorld
from pipewise.sandbox.x_state import XWorld


class SandboxState:
    def __init__(self, clock: Clock, seed: int, http: httpx.AsyncClient) -> None:
        self.clock = clock
        self._seed = seed
        # Accounts are the same in every run of one seed. Message and booking ids are not, over restarts and resets
        # alike: a receiver that remembers an id would rightly take its reuse for a duplicate.
        self._ids = random.Random(f"{seed}:{clock.now().isoformat()}")
        self.ledger = Ledger(clock)
        self.faults = FaultBoard(clock)
        self.deliveries = Deliveries(clock, self.ledger, self.faults, http)
        self._build()

    def _build(self) -> None:
        self.calendly = CalendlyWorld(self.clock, self._seed, self._ids)
        self.whatsapp = WhatsAppWorld(self.clock, self._seed, self._ids)
        self.instagram = InstagramWorld(self.clock, self._ids)
        self.x = XWorld(self.clock, self._ids)
        self.model = ModelWorld()

    def reset(self, *, keep_accounts: bool) -> None:
        """Forget bookings, messages, faults and the ledger; registered accounts too unless they are to be kept."""
        calendly, whatsapp, instagram, x = self.calendly, self.whatsapp, self.instagram, self.x
        self.ledger.clear()
        self.faults.clear()
        self.deliveries.clear()
        self._build()
        if keep_accounts:
            self.calendly.adopt(calendly)
            self.whatsapp.adopt(whatsapp)
            self.instagram.adopt(instagram)
            self.x.adopt(x)


def sandbox_state(request: Request) -> SandboxState:
    return cast("SandboxState", request.app.state.sandbox)


StateDep = Annotated[SandboxState, Depends(sandbox_state)]
