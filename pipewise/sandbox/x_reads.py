"""What X lists of an account: its direct messages and the posts that mention it, newest first, in pages."""

from typing import Any

from fastapi import APIRouter, Request

from pipewise.sandbox.state import SandboxState, StateDep
from pipewise.sandbox.x_api import AccountDep, spend
from pipewise.sandbox.x_errors import forbidden, invalid

Json = dict[str, Any]

router = APIRouter(prefix="/2", tags=["x"])
LONGEST_PAGE = 100


@router.get("/dm_events")
async def list_messages(request: Request, account: AccountDep, state: StateDep) -> Json:
    spend(request, state, account, "dm_read")
    return page(request, state, account.messages, "sender_id", smallest=1)


@router.get("/users/{user_id}/mentions")
async def list_mentions(user_id: str, request: Request, account: AccountDep, state: StateDep) -> Json:
    if user_id != account.id:
        raise forbidden("You may read the mentions of your own account only.")
    spend(request, state, account, "mentions")
    since = request.query_params.get("since_id", "0")
    if not since.isdigit():
        raise invalid("since_id must be a number.")
    newer = [post for post in account.mentions if int(post["id"]) > int(since)]
    return page(request, state, newer, "author_id", smallest=5)


def page(request: Request, state: SandboxState, items: list[Json], author: str, *, smallest: int) -> Json:
    """Without any, there is no `data` at all."""
    size, start = request.query_params.get("max_results", "10"), request.query_params.get("pagination_token", "0")
    if not size.isdigit() or not smallest <= int(size) <= LONGEST_PAGE or not start.isdigit():
        raise invalid(f"max_results must be a number from {smallest} to {LONGEST_PAGE}.")
    newest_first = items[::-1]
    shown = newest_first[int(start) : int(start) + int(size)]
    if not shown:
        return {"meta": {"result_count": 0}}
    meta: Json = {"result_count": len(shown), "newest_id": shown[0]["id"], "oldest_id": shown[-1]["id"]}
    if int(start) + int(size) < len(newest_first):
        meta["next_token"] = str(int(start) + int(size))
    people = [state.x.people[one[author]] for one in shown if one[author] in state.x.people]
    users = [{"id": one.id, "name": one.name, "username": one.username} for one in dict.fromkeys(people)]
    return {"data": shown, "includes": {"users": users}, "meta": meta}
