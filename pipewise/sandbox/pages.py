"""The two pages for people: the switch board at `/` and the phone at `/phone`, with the data behind the phone."""

from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import FileResponse

from pipewise.sandbox.state import StateDep
from pipewise.sandbox.whatsapp_state import ChatMessage

Json = dict[str, Any]

router = APIRouter(tags=["pages"])
STATIC = Path(__file__).parent / "static"
# No inline script, nothing from elsewhere: what a lead writes can never become code on these pages.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


@router.get("/", include_in_schema=False)
async def board_page() -> FileResponse:
    return FileResponse(STATIC / "board.html", headers=PAGE_HEADERS)


@router.get("/phone", include_in_schema=False)
async def phone_page() -> FileResponse:
    return FileResponse(STATIC / "phone.html", headers=PAGE_HEADERS)


@router.get("/_sandbox/whatsapp/conversations")
async def list_conversations(state: StateDep) -> Json:
    """Everybody the numbers have talked with."""
    return {"items": [{"from": p.wa_id, "bsuid": p.user_id, "name": p.name} for p in state.whatsapp.people]}


@router.get("/_sandbox/whatsapp/conversations/{sender}")
async def read_conversation(sender: str, state: StateDep) -> Json:
    """One chat as the lead's phone shows it, found by phone number or business-scoped id."""
    digits = "".join(c for c in sender if c.isdigit())
    key = sender if sender[:1].isalpha() else digits
    now = state.clock.monotonic()
    return {"items": [bubble(message, now) for message in state.whatsapp.conversation(key)]}


def bubble(message: ChatMessage, monotonic: float) -> Json:
    content = message.content
    return {
        "id": message.id,
        "direction": message.direction,
        "at": message.at.isoformat(),
        "type": content.get("type"),
        "status": message.status_at(monotonic),
        **shown(content),
    }


def shown(content: Json) -> Json:
    """What can be read and tapped in a bubble."""
    kind = str(content.get("type"))
    part = content.get(kind) if isinstance(content.get(kind), dict) else {}
    if kind == "interactive":
        return interactive(part or {})
    if kind == "template":
        return {"text": content.get("rendered", "")}
    if kind == "text":
        return {"text": str((part or {}).get("body", ""))}
    if kind == "reaction":
        return {"text": str((part or {}).get("emoji", ""))}
    if kind == "button":
        return {"text": str((part or {}).get("text", ""))}
    return {"text": f"[{kind}] {(part or {}).get('caption') or (part or {}).get('link') or ''}".strip()}


def interactive(part: Json) -> Json:
    action = part.get("action") or {}
    reply = part.get("button_reply") or part.get("list_reply") or {}
    shown_parts: Json = {
        "text": str((part.get("body") or {}).get("text") or reply.get("title") or ""),
        "header": str((part.get("header") or {}).get("text") or ""),
        "footer": str((part.get("footer") or {}).get("text") or ""),
    }
    if part.get("type") == "button":
        shown_parts["buttons"] = [button["reply"] for button in action.get("buttons", [])]
    if part.get("type") == "list":
        shown_parts["list"] = {"button": action.get("button"), "sections": action.get("sections", [])}
    if part.get("type") == "cta_url":
        parameters = action.get("parameters", {})
        shown_parts["link"] = {"title": parameters.get("display_text"), "url": parameters.get("url")}
    return shown_parts
