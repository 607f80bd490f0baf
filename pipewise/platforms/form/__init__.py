"""The generic signed source: web forms and other systems that speak Standard Webhooks."""

from pipewise.platforms.base import Platform
from pipewise.platforms.form.field_map import FormSettings, arrange_fields
from pipewise.platforms.form.models import FormCredentials
from pipewise.platforms.form.webhook import FormWebhook

PLATFORM = Platform(
    name="form",
    title="Web form",
    credentials=FormCredentials,
    settings=FormSettings,
    webhook=FormWebhook(),
    arrange=arrange_fields,
)
