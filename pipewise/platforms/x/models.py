"""What connects an X account."""

from typing import Literal

from pydantic import Field

from pipewise.platforms.base import Credentials, MessagingSettings
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


class XSettings(MessagingSettings):
    """Public answers go out by themselves only where X's two conditions are met; else each waits for a person."""

    ai_replies_approved: bool = Field(
        default=False, description="X has approved, in writing, that this app answers posts with a language model."
    )
    receive: Literal["webhook", "poll"] = Field(
        default="webhook",
        description=(
            "How messages and mentions come in. webhook: the app's webhook and its subscriptions deliver them. poll: X is asked "
            "every two minutes, for an app without a webhook; X charges each message and post that is read."
        ),
    )
    automated_label: bool = Field(default=False, description="The account carries X's label for automated accounts.")
