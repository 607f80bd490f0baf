"""The people of an account and their tokens. A token is shown once, in the answer that makes it."""

from typing import Any

from fastapi import APIRouter, status

from api.cursors import page_of_short_list
from api.dependencies import Admin, Id, PageDep, ServicesDep
from api.once_route import SecretOnceRoute
from api.schemas import NewPassword, NewToken, NewUser, RoleChange
from api.views import token_view, user_view
from pipewise.audit import Act
from pipewise.errors import Conflict, InvalidInput
from pipewise.storage import accounts, people

router = APIRouter(prefix="/api", tags=["users"], route_class=SecretOnceRoute)


@router.get("/users")
async def list_users(user: Admin, services: ServicesDep, page: PageDep) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        found = await accounts.list_users(connection, user.account_id)
    return page_of_short_list("users", page, found, user_view)


@router.post("/users", status_code=status.HTTP_201_CREATED)
async def add_user(user: Admin, services: ServicesDep, body: NewUser) -> dict[str, Any]:
    """Joins the caller's account."""
    now = services.now()
    async with services.resources.database.write() as connection:
        added = await accounts.add_user(connection, body.email, body.role, now, account_id=user.account_id)
        token, plain = await accounts.create_token(connection, added.id, "first token", now)
        detail = {"email": added.email, "role": str(added.role), "token": token.id}
        await services.record(connection, user, Act.USER_ADDED, f"user:{added.id}", **detail)
    return {**user_view(added), "token": plain}


@router.patch("/users/{user_id}")
async def change_user(user: Admin, services: ServicesDep, user_id: Id, body: RoleChange) -> dict[str, Any]:
    """Another role holds at once; the user logs in anew."""
    if user_id == user.id:
        raise Conflict("Nobody changes their own role; another admin can.", code="own_user")
    async with services.resources.database.write() as connection:
        changed, former = await people.change_role(connection, user.account_id, user_id, body.role)
        detail = {"role": str(changed.role), "former": str(former)}
        await services.record(connection, user, Act.USER_CHANGED, f"user:{user_id}", **detail)
    services.authenticator.forget()
    return user_view(changed)


@router.put("/users/{user_id}/password", status_code=status.HTTP_204_NO_CONTENT)
async def set_password(user: Admin, services: ServicesDep, user_id: Id, body: NewPassword) -> None:
    """A password for a user of the account, who is logged out everywhere."""
    async with services.resources.database.read() as connection:
        owner = await people.get_member(connection, user.account_id, user_id)
    await services.logins.set_password(owner, body.password.get_secret_value(), user)


@router.delete("/users/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
async def remove_user(user: Admin, services: ServicesDep, user_id: Id) -> None:
    """With all their tokens."""
    if user_id == user.id:
        raise Conflict("Nobody removes themselves; another admin can.", code="own_user")
    async with services.resources.database.write() as connection:
        await people.remove_user(connection, user.account_id, user_id)
        await services.record(connection, user, Act.USER_REMOVED, f"user:{user_id}")
    services.authenticator.forget()


@router.get("/tokens")
async def list_tokens(user: Admin, services: ServicesDep, page: PageDep) -> dict[str, Any]:
    async with services.resources.database.read() as connection:
        found = await accounts.list_tokens(connection, user.account_id)
    return page_of_short_list("tokens", page, found, lambda one: token_view(*one))


@router.post("/tokens", status_code=status.HTTP_201_CREATED)
async def create_token(user: Admin, services: ServicesDep, body: NewToken) -> dict[str, Any]:
    if body.expires_at is not None and body.expires_at <= services.now():
        problem = {"field": "expires_at", "problem": "must lie ahead"}
        raise InvalidInput("A token that has ended already is of no use.", details=(problem,))
    async with services.resources.database.write() as connection:
        owner = await people.get_member(connection, user.account_id, body.user_id or user.id)
        token, plain = await accounts.create_token(
            connection, owner.id, body.name, services.now(), scope=body.scope, expires_at=body.expires_at
        )
        detail = {"owner": owner.email, "scope": body.scope and str(body.scope)}
        await services.record(connection, user, Act.TOKEN_CREATED, f"token:{token.id}", **detail)
    return {**token_view(token, owner.email), "token": plain}


@router.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_token(user: Admin, services: ServicesDep, token_id: Id) -> None:
    async with services.resources.database.write() as connection:
        await accounts.revoke_token(connection, token_id, services.now(), account_id=user.account_id)
        await services.record(connection, user, Act.TOKEN_REVOKED, f"token:{token_id}")
    services.authenticator.forget()
