"""An account's settings as a JSON document that holds only what was set: merging a change into it and reading it."""

import json
import logging
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from pipewise.account_settings import AccountSettings
from pipewise.errors import InvalidInput
from pipewise.yaml_text import read_yaml

log = logging.getLogger(__name__)
DEEPEST = 12
KEPT = 256
LARGEST = 200_000

Document = Mapping[str, Any]


@cache
def defaults() -> dict[str, Any]:
    return AccountSettings().model_dump(mode="json", by_alias=True)


def merge(document: Document, change: Document) -> dict[str, Any]:
    """Key by key, objects into objects; null removes a key, so that its default holds again."""
    merged = dict(document)
    for key, value in change.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            before = merged.get(key)
            merged[key] = merge(before if isinstance(before, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def read_settings(document: Document) -> AccountSettings:
    """What holds. A key that this release cannot read, perhaps written by another, holds by default and is logged."""
    return _read(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _read(written: str) -> AccountSettings:
    """Every turn reads settings, and they seldom change."""
    document: Document = json.loads(written)
    try:
        return _validate(document)
    except ValidationError:
        return _validate(_readable(document))


def _readable(document: Document) -> dict[str, Any]:
    """The keys that can be read, each by itself and all together."""
    kept: dict[str, Any] = {}
    for key, value in document.items():
        try:
            _validate({**kept, key: value})
        except ValidationError:
            log.warning("a setting that cannot be read holds by default", extra={"setting": key})
        else:
            kept[key] = value
    return kept


def change_document(document: Document, change: Document) -> tuple[dict[str, Any], AccountSettings]:
    """The document with the change, and what holds then. Raises InvalidInput with one entry per wrong field."""
    change = _without_yaml(change)
    unknown = [{"field": place, "problem": "unknown field"} for place in _unknown(AccountSettings, change, "")]
    if unknown:
        raise _invalid(unknown)
    if _depth(change) > DEEPEST:
        raise _invalid([{"field": "body", "problem": "is nested too deeply"}])
    merged = merge(_readable(document), change)
    try:
        settings = _validate(merged)
    except ValidationError as error:
        raise _invalid(
            [_describe(problem) for problem in error.errors(include_input=False, include_url=False)]
        ) from None
    if len(json.dumps(merged)) > LARGEST:
        raise _invalid([{"field": "body", "problem": f"all settings together may have {LARGEST} characters"}])
    return merged, settings


def _without_yaml(change: Document) -> Document:
    """The qualification may be written as YAML."""
    written = change.get("qualification")
    if not isinstance(written, str):
        return change
    try:
        return {**change, "qualification": read_yaml(written)}
    except ValueError as error:
        raise _invalid([{"field": "qualification", "problem": str(error)}]) from None


def _validate(document: Document) -> AccountSettings:
    # As JSON, where strict means JSON's own types: a date is a text there.
    return AccountSettings.model_validate_json(json.dumps(merge(defaults(), document)))


def _invalid(details: list[dict[str, str]]) -> InvalidInput:
    return InvalidInput("The settings are not valid; nothing was changed.", details=tuple(details))


def _describe(problem: Mapping[str, Any]) -> dict[str, str]:
    place = ".".join(str(part)[:100] for part in problem["loc"]) or "body"
    if problem["type"] == "extra_forbidden":
        return {"field": place, "problem": "unknown field"}
    return {"field": place, "problem": str(problem["msg"]).removeprefix("Value error, ")}


def _unknown(model: type[BaseModel], change: Document, place: str) -> Iterator[str]:
    """Keys that are nowhere, those that a change would only remove among them."""
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for key, value in change.items():
        if key not in fields:
            yield f"{place}{key}"[:200] or "body"
        elif isinstance(value, Mapping):
            part = _part_of(fields[key].annotation)
            if part:
                yield from _unknown(part, value, f"{place}{key}.")


def _part_of(annotation: Any) -> type[BaseModel] | None:
    kinds = get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)


def _depth(value: Any) -> int:
    """Without recursion: a body may be nested as deeply as its parser allows."""
    deepest, level = 0, [value]
    while level and deepest <= DEEPEST:
        level = [
            inner
            for outer in level
            if isinstance(outer, Mapping | list)
            for inner in (outer.values() if isinstance(outer, Mapping) else outer)
        ]
        deepest += 1
    return deepest
