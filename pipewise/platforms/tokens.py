"""Secrets that people paste into forms."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

_HEADER_SAFE = re.compile(r"[!-~]+\Z")


def _require_header_safe(token: SecretStr) -> SecretStr:
    if not _HEADER_SAFE.match(token.get_secret_value()):
        raise ValueError("a token has no spaces and only plain characters")
    return token


# Travels in an HTTP header, where a line break or a letter with an accent would break the request itself.
BearerToken = Annotated[SecretStr, Field(min_length=1), AfterValidator(_require_header_safe)]
SharedSecret = Annotated[SecretStr, Field(min_length=1)]
