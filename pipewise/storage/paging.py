"""Where the next page begins: rows after, or before, the last one that was seen, by a time and an id that breaks ties."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, or_

Position = tuple[datetime, str]


def after(moment: Column[Any], row_id: Column[Any], position: Position) -> ColumnElement[bool]:
    at, last = position
    return or_(moment > at, and_(moment == at, row_id > last))


def before(moment: Column[Any], row_id: Column[Any], position: Position) -> ColumnElement[bool]:
    at, last = position
    return or_(moment < at, and_(moment == at, row_id < last))
