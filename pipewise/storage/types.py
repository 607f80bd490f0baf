"""Column types that behave alike on SQLite and PostgreSQL, and ids."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in Python; refuses naive times. SQLite keeps no zone, so there it is dropped and put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  the base class's signature
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    return str(uuid.uuid4())


def derived_id(*parts: Any) -> str:
    """The same id for the same parts, whoever computes it and however often."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)))


def thread_id_of(account_id: str, lead_id: str) -> str:
    """Of a lead's conversation: a UUID, as LangGraph's server wants it, that tells nothing about the person."""
    return derived_id("thread", account_id, lead_id)


_NAMESPACE = uuid.UUID("6f1f4f7e-5b0c-5d7e-9a52-0c1d3a9b7e10")
