"""An account's follow-up policy, out of its settings."""

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.follow_up_plan import FollowUpPolicy
from pipewise.storage import accounts


async def load_policy(connection: AsyncConnection, account_id: str) -> FollowUpPolicy:
    settings = await accounts.account_settings(connection, account_id)
    return FollowUpPolicy(timezone=settings.get("timezone") or "UTC")
