"""The one list of platforms."""

from collections.abc import Mapping
from types import MappingProxyType

from pipewise.errors import NotFound
from pipewise.platforms.base import Platform
from pipewise.platforms.calendly import PLATFORM as CALENDLY
from pipewise.platforms.form import PLATFORM as FORM
from pipewise.platforms.instagram import PLATFORM as INSTAGRAM
from pipewise.platforms.whatsapp import PLATFORM as WHATSAPP
from pipewise.platforms.x import PLATFORM as X

PLATFORMS: Mapping[str, Platform] = MappingProxyType(
    {platform.name: platform for platform in (CALENDLY, FORM, INSTAGRAM, WHATSAPP, X)}
)
# The one platform that may open a conversation, with an approved template.
OPENING_PLATFORM = WHATSAPP.name


def get_platform(name: str) -> Platform:
    try:
        return PLATFORMS[name]
    except KeyError:
        raise NotFound(f"There is no platform called {name!r}; known are {', '.join(sorted(PLATFORMS))}.") from None
