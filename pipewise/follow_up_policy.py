"""An account's follow-up policy, out of its settings."""

from sqlalchemy.ext.asyncio import AsyncConnection

from pipewise.account_settings import AccountSettings
from pipewise.allowed_hours import AllowedHours
from pipewise.follow_up_plan import FollowUpPolicy
from pipewise.hours import WEEKDAYS
from pipewise.settings_document import read_settings
from pipewise.storage.account_settings import read_document

ELSEWHERE = "UTC"


async def load_policy(connection: AsyncConnection, account_id: str) -> FollowUpPolicy:
    """What holds in this transaction, not what a process remembers."""
    return policy_of(read_settings(await read_document(connection, account_id)))


def policy_of(settings: AccountSettings) -> FollowUpPolicy:
    rules, quiet = settings.follow_up, settings.quiet_hours
    hours = AllowedHours(
        business={place: settings.business_hours.on(day) for place, day in enumerate(WEEKDAYS)},
        quiet=(quiet.start, quiet.end) if quiet.enabled else None,
        holidays=frozenset(holiday.date for holiday in settings.holidays),
    )
    return FollowUpPolicy(
        enabled=rules.enabled,
        delays=rules.after_silence,
        reminders=rules.before_meeting,
        thanks=rules.thanks,
        no_show_recovery=rules.no_show_recovery,
        per_day=settings.caps.messages_per_lead_per_day,
        per_week=rules.max_per_lead_per_week,
        timezone=settings.timezone or ELSEWHERE,
        hours=hours,
    )
