"""X: direct messages and posts that turn to the account in, direct messages and answers to such posts out."""

from pipewise.platforms.base import Platform
from pipewise.platforms.x.client import XMessenger
from pipewise.platforms.x.errors import read_quota
from pipewise.platforms.x.feed import POLL_EVERY, XFeed
from pipewise.platforms.x.models import XCredentials, XSettings
from pipewise.platforms.x.rendering import direct_text
from pipewise.platforms.x.webhook import XWebhook

PLATFORM = Platform(
    name="x",
    title="X",
    credentials=XCredentials,
    settings=XSettings,
    webhook=XWebhook(),
    account_ref_field="account_id",
    messenger=XMessenger,
    echoed_text=direct_text,
    read_quota=read_quota,
    feed=XFeed,
    polled=lambda settings: settings.receive == "poll",
    poll_every=POLL_EVERY,
)
