"""What connects a WhatsApp business number."""

from pydantic import Field

from pipewise.platforms.base import Credentials
from pipewise.platforms.tokens import BearerToken, SharedSecret


class WhatsAppCredentials(Credentials):
    """One business phone number of a WhatsApp Business Account."""

    access_token: BearerToken = Field(
        title="Access token",
        description="A system user's token with whatsapp_business_messaging and whatsapp_business_management.",
    )
    phone_number_id: str = Field(
        title="Phone number ID",
        description="The ID shown beside the number in WhatsApp Manager, not the number itself.",
        pattern=r"^[0-9A-Za-z_-]{1,64}$",
    )
    app_secret: SharedSecret = Field(
        title="App secret", description="From the Meta app's basic settings; it proves that webhooks are Meta's."
    )
    verify_token: SharedSecret = Field(
        title="Verify token", description="A text of your choice; enter the same one in the app's webhook settings."
    )
