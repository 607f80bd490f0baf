"""Which of a form's own fields holds what a lead is made of, where they are named otherwise."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipewise.platforms.fields import value_at

YES = frozenset({"true", "on", "yes", "1"})  # what browsers and form builders send for a ticked box
MOST_DEEP = 8

Name = Literal["event_id", "name", "email", "phone", "company", "message", "source", "consent"]
Place = Annotated[str, Field(min_length=1, max_length=200)]


class FormSettings(BaseModel):
    """Names of the form's own fields; a dot leads into an object: `answers.mail`."""

    model_config = ConfigDict(extra="forbid")
    fields: dict[Name, Place] = Field(
        default_factory=dict, description='Ours → the form\'s own: {"email": "your-email"}.'
    )


def arrange_fields(document: Any, settings: Mapping[str, Any]) -> Any:
    """The document with our names for what is mapped. What the form calls so itself stays where nothing is mapped to it."""
    wanted = settings.get("fields")
    if not isinstance(document, dict) or not isinstance(wanted, Mapping) or not wanted:
        return document
    arranged = {name: value for name, value in document.items() if name not in wanted.values()}
    for name, place in wanted.items():
        arranged.pop(name, None)
        value = document[place] if place in document else value_at(document, *place.split(".")[:MOST_DEEP])
        if value is not None:
            arranged[name] = _is_yes(value) if name == "consent" else _as_text(value)
    return arranged


def _is_yes(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in YES)


def _as_text(value: Any) -> Any:
    """A phone number may come as a number, and several answers as a list."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value if isinstance(one, str | int))
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
