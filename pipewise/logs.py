"""Logs as one JSON object a line: control characters escaped, known secrets and anything like a token starred out."""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, TextIO

from pydantic import SecretStr

from pipewise.settings import Settings

STARS = "***"
SHORTEST_SECRET = 6  # a shorter value would star out ordinary words
TOKEN_FORM = re.compile(r"\bpw_[A-Za-z0-9_-]{16,}")
# What a LogRecord has by itself; everything else came through `extra`.
OWN_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}
# httpx and its transport log whole URLs, and a URL may carry a token; Alembic tells of every look at the schema, and the queue
# of every job.
OF_THE_SERVER = ("uvicorn", "uvicorn.error", "uvicorn.access")  # its own configuration would write past the mask
TALKATIVE = ("httpx", "httpcore", "httpx2", "httpcore2", "alembic", "procrastinate")


class SecretMask:
    """Replaces registered values wherever they occur."""

    def __init__(self, secrets: Iterable[str | None] = ()) -> None:
        self._secrets: set[str] = set()
        self.add(*secrets)

    def __repr__(self) -> str:
        return f"SecretMask({len(self._secrets)} values)"

    def add(self, *secrets: str | None) -> None:
        self._secrets.update(secret for secret in secrets if secret and len(secret) >= SHORTEST_SECRET)

    def hide(self, text: str) -> str:
        # The longest first, so that no rest of a secret stays where another one is its beginning.
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, STARS)
        return TOKEN_FORM.sub(STARS, text)


class JsonFormatter(logging.Formatter):
    """Whatever steers a terminal or ends a line is escaped, so that no record can forge a second one."""

    def __init__(self, mask: SecretMask) -> None:
        super().__init__()
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in OWN_ATTRIBUTES}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        # JSON lets DEL stand as it is; everything else of the kind is escaped with the rest that is not ASCII.
        return json.dumps(self._hide(line), ensure_ascii=True).replace("\x7f", r"\u007f")

    def _hide(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float():
                return value
            case dict():
                return {self._mask.hide(str(name)): self._hide(part) for name, part in value.items()}
            case list() | tuple() | set():
                return [self._hide(part) for part in value]
        return self._mask.hide(str(value))


def configure_logging(mask: SecretMask, stream: TextIO, level: int = logging.INFO) -> None:
    """Every logger of the process writes through one handler; handlers that were there before go."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(mask))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    for name in OF_THE_SERVER:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def mask_of(settings: Settings, *more: str) -> SecretMask:
    """Every secret that the settings hold."""
    values = [value for _, given in settings for value in (given if isinstance(given, tuple) else (given,))]
    return SecretMask([*(value.get_secret_value() for value in values if isinstance(value, SecretStr)), *more])
