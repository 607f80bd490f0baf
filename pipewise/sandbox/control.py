"""The sandbox's own controls: the ledger, a reset, the switch board of faults."""

from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

from pipewise.sandbox.faults import FaultRequest, Vendor
from pipewise.sandbox.state import StateDep

Json = dict[str, Any]

router = APIRouter(prefix="/_sandbox", tags=["sandbox"])


class ResetRequest(BaseModel):
    keep_accounts: bool = False


@router.get("/health")
async def health(state: StateDep) -> Json:
    return {"ok": True, "now": state.clock.now().isoformat(), "pending_webhooks": state.deliveries.pending}


@router.get("/ledger")
async def read_ledger(state: StateDep, vendor: Vendor | None = None, kind: str | None = None, after: int = 0) -> Json:
    """In order. `after` is the id of the last entry already seen."""
    return {"items": state.ledger.entries(vendor=vendor, kind=kind, after=after)}


@router.post("/reset")
async def reset(state: StateDep, request: ResetRequest | None = None) -> Json:
    state.reset(keep_accounts=request is not None and request.keep_accounts)
    return {"ok": True}


@router.get("/faults")
async def list_faults(state: StateDep) -> Json:
    return {"items": state.faults.entries()}


@router.post("/faults", status_code=201)
async def switch_on(request: FaultRequest, state: StateDep) -> Json:
    return state.faults.add(request).as_json()


@router.delete("/faults")
async def switch_all_off(state: StateDep) -> Json:
    state.faults.clear()
    return {"ok": True}


@router.delete("/faults/{fault_id}")
async def switch_off(fault_id: int, state: StateDep) -> Json:
    if not state.faults.remove(fault_id):
        raise HTTPException(404, "No such fault is switched on.")
    return {"ok": True}
