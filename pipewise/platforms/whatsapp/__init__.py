"""WhatsApp Business Platform (Cloud API): messages in and out."""

from pipewise.platforms.base import MessagingSettings, Platform
from pipewise.platforms.whatsapp.client import WhatsAppMessenger
from pipewise.platforms.whatsapp.models import WhatsAppCredentials
from pipewise.platforms.whatsapp.webhook import WhatsAppWebhook

PLATFORM = Platform(
    name="whatsapp",
    title="WhatsApp",
    credentials=WhatsAppCredentials,
    settings=MessagingSettings,
    webhook=WhatsAppWebhook(),
    account_ref_field="phone_number_id",
    messenger=WhatsAppMessenger,
)
