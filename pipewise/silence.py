"""No events where there should be some: told of an integration that has been lively."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pipewise.storage.integrations import Integration

# This many deliveries, and this many times its usual pause without one.
LIVELY, LONG_PAUSES, SHORTEST_SILENCE = 20, 10, timedelta(hours=6)


def find_silence(integration: Integration, counters: Mapping[str, int], now: datetime) -> str | None:
    """What to do where nothing has come for far longer than usual."""
    received, last = counters.get("messages_received", 0), integration.last_event_at
    if received < LIVELY or last is None or last <= integration.created_at:
        return None
    pause = (last - integration.created_at) / received
    if now - last <= max(SHORTEST_SILENCE, LONG_PAUSES * pause):
        return None
    hours = int((now - last) / timedelta(hours=1))
    return f"Nothing has come for {hours} hours, which is unusual: look at the vendor whether it still delivers here."
