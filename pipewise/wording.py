"""What an account says in its own words: one text for every language, or one for each."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from pipewise.plain_text import Text

Words = Annotated[Text, Field(min_length=1, max_length=1000)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=16)]
ByLanguage = Annotated[dict[LanguageCode, Words], Field(min_length=1, max_length=50)]


def _form_of(value: Any) -> str:
    return "languages" if isinstance(value, dict) else "text"


Wording = Annotated[Annotated[Words, Tag("text")] | Annotated[ByLanguage, Tag("languages")], Discriminator(_form_of)]


def word_for(wording: Wording, language: str) -> str:
    """In that language, else in the language without its region, else in English, else in the first that there is."""
    if isinstance(wording, str):
        return wording
    wanted = language.replace("_", "-")
    for code in (wanted, wanted.split("-")[0].lower(), "en"):
        if code in wording:
            return wording[code]
    return next(iter(wording.values()))
