"""Tables as CSV whose cells stay text: a spreadsheet takes what begins like a formula for one."""

import csv
import io
from collections.abc import Iterable
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_rows(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[inert(cell) for cell in row] for row in rows])
    return text.getvalue()


def inert(cell: Any) -> Any:
    """An apostrophe before it keeps a text a text; numbers and truths are none."""
    if cell is None or isinstance(cell, bool | int | float):
        return cell
    told = str(cell).replace("\0", "")
    # Blanks and a byte order mark before it are left out by those who look for a formula.
    return f"'{told}" if told.lstrip(" \ufeff\u00a0").startswith(FORMULA_STARTS) else told
