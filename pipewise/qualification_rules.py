"""What a lead is asked before a meeting, what each answer is worth, and which scores move its status."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pipewise.hours import Part
from pipewise.language.phrases import PHRASES
from pipewise.plain_text import Line
from pipewise.wording import Wording

FieldKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Kind = Literal["text", "email", "phone", "amount", "date", "choice"]


class Option(Part):
    """One answer of a `choice`. `words` are other ways to say it; `points` the share of the weight it earns, in percent."""

    value: Annotated[Line, Field(min_length=1, max_length=80)]
    words: tuple[Annotated[Line, Field(min_length=1, max_length=80)], ...] = Field((), max_length=30)
    points: int = Field(100, ge=0, le=100)


class ChecklistItem(Part):
    """One thing to learn. `question` is one text or one for each language; `weight` what a good answer adds to the score."""

    key: FieldKey
    question: Wording
    weight: int = Field(ge=0, le=100)
    kind: Kind = "text"
    options: tuple[Option, ...] = Field((), max_length=20)
    at_least: float | None = Field(None, ge=0, description="Of an amount: less earns nothing.")
    required: bool = False

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        if (self.kind == "choice") != bool(self.options):
            raise ValueError("a choice needs options, and nothing else may have them")
        if self.at_least is not None and self.kind != "amount":
            raise ValueError("at_least is for an amount")
        folded = [option.value.casefold() for option in self.options]
        if len(set(folded)) < len(folded):
            raise ValueError("options must differ")
        return self


class Thresholds(Part):
    """A score of `qualified` or more, with every required answer known, qualifies; below `unqualified`, once everything was
    asked, the lead does not qualify. 0 leaves that to a person."""

    qualified: int = Field(50, ge=1)
    unqualified: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _require_order(self) -> Self:
        if self.unqualified > self.qualified:
            raise ValueError("unqualified must not be above qualified")
        return self


def _bant(key: str, weight: int) -> ChecklistItem:
    question = {language: phrases[f"ask_{key}"] for language, phrases in PHRASES.items()}
    return ChecklistItem(key=key, question=question, weight=weight, kind="amount" if key == "budget" else "text")


BANT = (
    _bant("need", 30),
    _bant("company_size", 15),
    _bant("timeline", 20),
    _bant("budget", 20),
    _bant("authority", 15),
)
"""Budget, authority, need and timeline with the company's size, in the order in which a person would ask."""


class Qualification(Part):
    checklist: tuple[ChecklistItem, ...] = Field(BANT, max_length=20)
    thresholds: Thresholds = Thresholds()

    @model_validator(mode="after")
    def _check(self) -> Self:
        keys = [item.key for item in self.checklist]
        if len(set(keys)) < len(keys):
            raise ValueError("each key of the checklist must be there once")
        if self.checklist and self.thresholds.qualified > sum(item.weight for item in self.checklist):
            raise ValueError("thresholds.qualified is more than all weights together, so nobody could qualify")
        return self
