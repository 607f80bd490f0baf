"""Instagram: direct messages and comments in, messages and private replies out."""

from datetime import timedelta

from pipewise.platforms.base import MessagingSettings, Platform
from pipewise.platforms.graph_errors import read_usage
from pipewise.platforms.instagram.client import InstagramMessenger
from pipewise.platforms.instagram.models import InstagramCredentials
from pipewise.platforms.instagram.rendering import complete_text
from pipewise.platforms.instagram.webhook import InstagramWebhook

PLATFORM = Platform(
    name="instagram",
    title="Instagram",
    credentials=InstagramCredentials,
    settings=MessagingSettings,
    webhook=InstagramWebhook(),
    account_ref_field="account_id",
    messenger=InstagramMessenger,
    echoed_text=complete_text,
    first_renewal=timedelta(hours=25),  # none younger than 24 hours is renewed
    read_quota=read_usage,
)
