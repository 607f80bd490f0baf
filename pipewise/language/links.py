"""Links in a text, also those that do not look like one: bare domains, tricks with "@", "hxxp" and "[.]"."""

import re
from urllib.parse import urlsplit

from pipewise.language.folding import MAX_CHARS

_SCHEME = re.compile(r"(?:h(?:tt|xx)ps?|ftp|ws|wss)(?::|\[:\])?//", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?:mailto|tel|javascript|data|file|sms|whatsapp|intent):\S", re.IGNORECASE)
_DEFANGED = (
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)", re.IGNORECASE), "."),
    (re.compile(r"\[:\]"), ":"),
    (re.compile(r"\[/\]"), "/"),
)
_HXXP = re.compile(r"hxxp(s?)", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}\.?")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_EDGES = "\"'`<>()[]{}*_,;!?…«»“”‘’、。，"
_FILE_ENDINGS = frozenset(
    ("pdf", "doc", "docx", "xls", "xlsx", "csv", "txt", "png", "jpg", "jpeg", "py", "md", "zip", "html")
)
_COMMON_ENDINGS = frozenset(
    ("com", "net", "org", "io", "co", "info", "biz", "app", "dev", "me", "link", "site", "online", "shop", "xyz")
)
_MAX_PIECE = 2_100  # longer than any link that a platform shows


def find_urls(text: str) -> list[str]:
    """Every link as it would be opened; a bare domain gets "https://". A mail address is no link."""
    found: list[str] = []
    for raw in text[:MAX_CHARS].split():
        for piece in re.split(r"[|<>\"“”「」]", raw[:_MAX_PIECE]):
            url = _as_url(piece)
            if url and url not in found:
                found.append(url)
    return found


def _as_url(piece: str) -> str | None:
    plain = piece.replace("\\", "/")
    for pattern, replacement in _DEFANGED:
        plain = pattern.sub(replacement, plain)
    scheme = _SCHEME.search(plain)
    if scheme:
        return _HXXP.sub(r"http\1", plain[scheme.start() :].rstrip(_EDGES + ".:")).replace("[:]", ":")
    other = _OTHER_SCHEME.search(plain)
    if other:
        return plain[other.start() :].rstrip(_EDGES + ".")
    bare = plain.strip(_EDGES + ".:/")
    return f"https://{bare}" if _is_bare(bare) else None


def _is_bare(piece: str) -> bool:
    """Like "calendly.com/ana" and "evil.com@good.com/x"; "ana@acme.io", "3.50" and "e.g." are not."""
    authority, slash, _ = piece.partition("/")
    authority = re.split(r"[?#]", authority)[0]
    _, at, host = authority.rpartition("@")
    if at and not slash and ":" not in authority:
        return False
    host, _, port = (host or authority).partition(":")
    if port and not port.isdigit():
        return False
    if _ADDRESS.fullmatch(host):
        return bool(slash or port)
    if not _HOST.fullmatch(host):
        return False
    name, _, ending = host.rstrip(".").rpartition(".")
    if slash or ending.casefold() in _COMMON_ENDINGS:
        return True
    # "Sure.Let me check" lacks a space, "1.Tue" is a list: no links.
    return not (ending.istitle() or name.isdigit() or ending.casefold() in _FILE_ENDINGS)


def host_of(url: str) -> str:
    """The host that a link really opens, in lower case; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").casefold()
    except ValueError:
        return ""
