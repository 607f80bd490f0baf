"""What connects an X account."""

from pydantic import Field

from pipewise.platforms.base import Credentials
from pipewise.platforms.tokens import BearerToken, SharedSecret


class XCredentials(Credentials):
    """One account, and the app whose consumer secret signs its webhooks."""

    access_token: BearerToken = Field(title="Access token", description="An OAuth 2.0 user token of this account.")
    refresh_token: BearerToken | None = Field(
        default=None, title="Refresh token", description="Needed to stay connected: access tokens live two hours."
    )
    consumer_secret: SharedSecret = Field(
        title="Consumer secret", description="The app's API key secret, not the OAuth 2.0 client secret."
    )
    account_id: str = Field(
        title="Account ID", description="The account's numeric user ID.", pattern=r"^[0-9A-Za-z_-]{1,64}$"
    )
