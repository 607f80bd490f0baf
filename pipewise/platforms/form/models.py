"""What connects a web form or another system."""

from pydantic import Field, SecretStr

from pipewise.platforms.base import Credentials


class FormCredentials(Credentials):
    """A secret shared with whoever sends the leads."""

    secret: SecretStr = Field(
        title="Signing secret",
        description="whsec_ and base64 as in Standard Webhooks, or any other text of at least eight characters.",
        min_length=8,
    )
