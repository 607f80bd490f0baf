"""X: direct messages and summoned posts, inbound only so far."""

from pipewise.platforms.base import MessagingSettings, Platform
from pipewise.platforms.x.models import XCredentials
from pipewise.platforms.x.webhook import XWebhook

PLATFORM = Platform(
    name="x",
    title="X",
    credentials=XCredentials,
    settings=MessagingSettings,
    webhook=XWebhook(),
    account_ref_field="account_id",
)
