"""Logs as one JSON object a line: control characters escaped, fields from a list, nothing of a secret or a lead."""

import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any, TextIO
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import OperationalError
from structlog.typing import EventDict

from pipewise.errors import PipewiseError
from pipewise.log_mask import SecretMask
from pipewise.settings import Settings

# All that a line may tell beside its message: names and counts of ours, no words of anybody.
FIELDS = (
    "account_id",
    "address",
    "code",
    "cron_id",
    "error_number",
    "event_id",
    "files",
    "folder",
    "integration_id",
    "job_id",
    "known",
    "lead_id",
    "message_id",
    "path",
    "problem",
    "reads",
    "rows",
    "run_id",
    "setting",
    "task",
    "work",
)
OF_THE_SERVER = ("uvicorn", "uvicorn.error", "uvicorn.access")  # its own configuration would write past the mask
# httpx and its transport log whole URLs, and a URL may carry a token; Alembic tells of every look at the schema, and the queue
# of every job.
TALKATIVE = ("httpx", "httpcore", "httpx2", "httpcore2", "alembic", "procrastinate")
# Of other exceptions the message may quote what somebody wrote: their type and place are told, and the log stays fit to be shown.
SAYS_NOTHING_PRIVATE = (PipewiseError, OSError, ImportError)


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Whatever steers a terminal or ends a line is escaped, so that no record can forge a second one."""

    def __init__(self, mask: SecretMask) -> None:
        self.mask = mask
        super().__init__(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
                structlog.stdlib.ExtraAdder(allow=FIELDS),
            ],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _tell_exception,
                structlog.processors.EventRenamer("message"),
                self._hide_all,
                structlog.processors.JSONRenderer(serializer=_write),
            ],
        )

    def _hide_all(self, _logger: Any, _method: str, event: EventDict) -> EventDict:
        return {name: self._hide(value) if name != "time" else value for name, value in event.items()}

    def _hide(self, value: Any) -> Any:
        match value:
            case None | bool() | float():
                return value
            case int():
                return value
            case dict():
                return {self.mask.hide(str(name)): self._hide(part) for name, part in value.items()}
            case list() | tuple() | set():
                return [self._hide(part) for part in value]
        return self.mask.hide(str(value))


def _write(event: Any, **_options: Any) -> str:
    # JSON lets DEL stand as it is; everything else of the kind is escaped with the rest that is not ASCII.
    return json.dumps(event, ensure_ascii=True, default=str).replace("\x7f", r"\u007f")


def _tell_exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    told = event.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else told
    if isinstance(error, BaseException):
        event["exception"] = "".join(_tell_chain(error))
    return event


def _tell_chain(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _tell_chain(before)
        yield "\nthen:\n\n"
    yield from traceback.format_tb(error.__traceback__)
    message = _message_of(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}{': ' if message else ''}{message}\n"


def _message_of(error: BaseException) -> str:
    if isinstance(error, OperationalError):
        return str(error.orig)  # the driver's own words: no statement, no values
    return str(error) if isinstance(error, SAYS_NOTHING_PRIVATE) else ""


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


def mask_in_use() -> SecretMask:
    """That of the process's log, so that what is opened later is hidden there as well; one of nobody where the log is not ours."""
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    return next((one.mask for one in formatters if isinstance(one, JsonFormatter)), None) or SecretMask()


def mask_of(settings: Settings, *more: str) -> SecretMask:
    """Every secret that the settings hold."""
    values = [value for _, given in settings for value in (given if isinstance(given, tuple) else (given,))]
    secrets = [value.get_secret_value() for value in values if isinstance(value, SecretStr)]
    return SecretMask([*secrets, urlsplit(settings.sqlalchemy_url).password, *more])
