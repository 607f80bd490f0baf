"""Turns Instagram's error answers into typed errors."""

from pipewise.platforms.graph_errors import GraphErrors
from pipewise.platforms.instagram.codes import meaning_of

_ERRORS = GraphErrors("instagram", "Instagram", meaning_of)

read_error = _ERRORS.read
garbled_answer = _ERRORS.garbled_answer
