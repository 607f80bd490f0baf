"""An e-mail address as people say it: "tom at baker dot com", "ana arroba silva punto es"."""

import re

from pipewise.language.contact import find_email

_AT = r"(?:at|arroba|chez|ät|klammeraffe|chiocciola|एट)"
_DOT = r"(?:dot|punto|ponto|point|punkt|डॉट)"
_NAME = r"[\w+-]{1,64}"
_SPOKEN = re.compile(
    rf"({_NAME}(?:(?:\.|\s+{_DOT}\s+){_NAME}){{0,3}})\s+{_AT}\s+({_NAME}(?:(?:\.|\s+{_DOT}\s+){_NAME}){{1,4}})",
    re.IGNORECASE,
)
_SPELLED_DOT = re.compile(rf"\s+{_DOT}\s+", re.IGNORECASE)
LONGEST = 300


def read_email_answer(text: str) -> str | None:
    """The address in an answer to our question for one, written or spelled out."""
    written = find_email(text)
    if written:
        return written
    spoken = _SPOKEN.search(text[:LONGEST])
    return find_email("@".join(_SPELLED_DOT.sub(".", part) for part in spoken.groups())) if spoken else None
