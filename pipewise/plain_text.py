"""Texts that a person enters: what no database, log line or message has a place for is refused."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

_NOT_IN_A_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def require_line(value: str) -> str:
    """Raises ValueError for more than one line, or a control character."""
    if any(unicodedata.category(character) in _NOT_IN_A_LINE for character in value):
        raise ValueError("must be one line without control characters")
    return value


def require_text(value: str) -> str:
    """Raises ValueError for a control character that is no line break or tab."""
    if any(
        unicodedata.category(one) == "Cs" or (unicodedata.category(one) == "Cc" and one not in "\n\r\t")
        for one in value
    ):
        raise ValueError("must have no control characters")
    return value


# What the schema says of it; the functions above decide.
LINE_PATTERN = {"pattern": r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"}
TEXT_PATTERN = {"pattern": r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"}
Line = Annotated[str, AfterValidator(require_line), Field(max_length=200, json_schema_extra=LINE_PATTERN)]
Text = Annotated[str, AfterValidator(require_text), Field(max_length=10_000, json_schema_extra=TEXT_PATTERN)]
