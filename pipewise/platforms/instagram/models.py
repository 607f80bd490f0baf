"""What connects an Instagram professional account."""

from pydantic import Field

from pipewise.platforms.base import Credentials
from pipewise.platforms.tokens import BearerToken, SharedSecret


class InstagramCredentials(Credentials):
    """One professional account, through Instagram Login."""

    access_token: BearerToken = Field(
        title="Access token", description="A long-lived Instagram user token of this account."
    )
    account_id: str = Field(
        title="Account ID",
        description="The professional account's ID, shown as user_id by the API, not the app-scoped id.",
        pattern=r"^[0-9A-Za-z_-]{1,64}$",
    )
    app_secret: SharedSecret = Field(
        title="App secret",
        description="The secret that signs this app's webhooks: the Instagram app's or the Meta app's.",
    )
    verify_token: SharedSecret = Field(
        title="Verify token", description="A text of your choice; enter the same one in the app's webhook settings."
    )
