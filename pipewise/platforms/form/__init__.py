"""The generic signed source: web forms and other systems that speak Standard Webhooks."""

from pipewise.platforms.base import NoSettings, Platform
from pipewise.platforms.form.models import FormCredentials
from pipewise.platforms.form.webhook import FormWebhook

PLATFORM = Platform(
    name="form",
    title="Web form",
    credentials=FormCredentials,
    settings=NoSettings,
    webhook=FormWebhook(),
)
