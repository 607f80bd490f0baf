"""Turns WhatsApp's error answers into typed errors."""

from pipewise.platforms.graph_errors import GraphErrors
from pipewise.platforms.whatsapp.codes import meaning_of

_ERRORS = GraphErrors("whatsapp", "WhatsApp", meaning_of)

read_error = _ERRORS.read
garbled_answer = _ERRORS.garbled_answer


def explain_code(code: int) -> str:
    """The sentence for a code that came in a status webhook."""
    meaning = meaning_of(code)
    return meaning.sentence if meaning else _ERRORS.refused.sentence
