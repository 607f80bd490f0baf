"""Conditions on a JSON column's top-level members, alike on SQLite and PostgreSQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, false

Plain = str | int | float | bool


def holds_all(column: Column[Any], wanted: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Whether the members have these values. Texts, numbers and truths can be equal; anything else never is."""
    return [_holds(column[name], value) for name, value in wanted.items()]


def _holds(member: Any, value: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool]
    if isinstance(value, bool):
        condition = member.as_boolean() == value
    elif isinstance(value, int | float):
        condition = member.as_float() == float(value)
    elif isinstance(value, str):
        condition = member.as_string() == value
    else:
        condition = false()
    return condition
