"""Instagram messaging, comments and mentions: inbound only so far."""

from pipewise.platforms.base import MessagingSettings, Platform
from pipewise.platforms.instagram.models import InstagramCredentials
from pipewise.platforms.instagram.webhook import InstagramWebhook

PLATFORM = Platform(
    name="instagram",
    title="Instagram",
    credentials=InstagramCredentials,
    settings=MessagingSettings,
    webhook=InstagramWebhook(),
    account_ref_field="account_id",
)
