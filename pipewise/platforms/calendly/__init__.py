"""Calendly: bookings in by webhook, and a scheduling client over its API v2."""

from pipewise.platforms.base import Platform
from pipewise.platforms.calendly.client import CalendlyClient
from pipewise.platforms.calendly.errors import NAME
from pipewise.platforms.calendly.feed import CalendlyFeed
from pipewise.platforms.calendly.settings import CalendlyCredentials, CalendlySettings
from pipewise.platforms.calendly.webhook import CalendlyWebhook

PLATFORM = Platform(
    name=NAME,
    title="Calendly",
    credentials=CalendlyCredentials,
    settings=CalendlySettings,
    webhook=CalendlyWebhook(),
    scheduler=CalendlyClient,
    feed=CalendlyFeed,
)
