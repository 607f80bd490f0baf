"""The vendor's own links to move or cancel a meeting. They act without a login, so only the invitee ever gets them."""

from typing import Any

from pipewise.meetings import open_links
from pipewise.scheduling_desk import SchedulingDesk
from pipewise.storage import meetings
from pipewise.storage.database import Database
from pipewise.vault import Vault


class MeetingLinks:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def change_outcome(self, desk: SchedulingDesk, meeting_id: str) -> dict[str, Any] | None:
        """How this lead can change its meeting; None if the vendor gave no links."""
        async with self._database.read() as connection:
            meeting = await meetings.get_meeting(connection, desk.lead.account_id, meeting_id)
        links = open_links(self._vault, meeting)
        if "reschedule" not in links or "cancel" not in links:
            return None
        return {
            "kind": "change",
            "reschedule": links["reschedule"],
            "cancel": links["cancel"],
            **desk.when(meeting.start_time),
        }
