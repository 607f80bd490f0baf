"""A person's answer to the question what becomes of a draft."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

LONGEST = 10_000


class DraftAnswer(BaseModel):
    """`text` replaces the draft (edit), or is the person's own answer (respond)."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    action: Literal["accept", "edit", "respond", "ignore"]
    text: str | None = Field(None, max_length=LONGEST)

    @model_validator(mode="after")
    def _require_text(self) -> Self:
        if self.action in {"edit", "respond"} and not (self.text or "").strip():
            raise ValueError(f"{self.action} needs a text")
        return self
