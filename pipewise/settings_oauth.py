"""Settings of the apps with which accounts are connected by consent: one app for each vendor, registered by the installation."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class OAuthSettings(BaseSettings):
    """Part of `Settings`. Hosts are constants of the vendors; only a sandbox takes others."""

    calendly_client_id: str | None = Field(None, description="Client ID of the Calendly app that accounts agree to.")
    calendly_client_secret: SecretStr | None = Field(None, description="Client secret of that Calendly app.")
    instagram_client_id: str | None = Field(None, description="Instagram app ID that accounts agree to.")
    instagram_client_secret: SecretStr | None = Field(
        None, description="Instagram app secret; it also signs that app's webhooks."
    )
    instagram_verify_token: SecretStr | None = Field(
        None, description="Verify token entered in that app's webhook settings, for accounts connected by consent."
    )
    x_client_id: str | None = Field(None, description="OAuth 2.0 client ID of the X app that accounts agree to.")
    x_client_secret: SecretStr | None = Field(
        None, description="OAuth 2.0 client secret of that X app; a public client has none."
    )
    x_consumer_secret: SecretStr | None = Field(
        None, description="API key secret of that X app, which signs its webhooks; not the OAuth 2.0 client secret."
    )
    instagram_auth_url: str = Field(
        "https://www.instagram.com", description="Scheme and host of Instagram's consent page."
    )
    instagram_token_url: str = Field(
        "https://api.instagram.com", description="Scheme and host where Instagram exchanges codes."
    )
    x_auth_url: str = Field("https://x.com", description="Scheme and host of X's consent page.")
