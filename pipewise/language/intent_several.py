"""Several wishes of one message, each in a sentence of its own, and what the conversation makes likelier."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from pipewise.language.folding import Word, fold, sentences
from pipewise.language.intent_guesses import ConversationContext, IntentGuess
from pipewise.language.moments import read_moments
from pipewise.language.return_days import read_return_day

COURTEOUS = frozenset(("greeting", "human_request"))  # "is anybody there?" wants no answer beside another wish
CLEAR = 0.85  # from here on the whole message says one thing
OWN = 0.6  # from here on a sentence has a wish of its own
BESIDE = 0.7  # and from here on one beside a message that is clear as a whole
WISHES = frozenset(("meeting_request", "meeting_change", "lead_inquiry", "follow_up"))
UNSURE = 0.75  # below it, a meeting that stands decides between a wish for one and for another time
VAGUE = 0.4  # below it, a change without a meeting is a wish for one
NAMED_TIME = 0.2  # what a named day or hour adds to a wish to meet
_ALMOST = 0.75
_MOST_SENTENCES = 6
_QUESTION = 3
_SOME_DAY = datetime(2026, 1, 5, 12, tzinfo=UTC)  # whether a day is named does not depend on today


def names_time(text: str) -> bool:
    """A day, a part of one or an hour is named."""
    return bool(read_moments(text, now=_SOME_DAY, timezone="UTC"))


def _names_return(sentence: str) -> bool:
    """To be written to at some time is a wish; a thanks or a yes is none beside another."""
    day = read_return_day(sentence, now=_SOME_DAY, timezone="UTC")
    return day is not None and day.named


def by_sentence(
    text: str, guesses: Sequence[IntentGuess], guess_one: Callable[[str], IntentGuess]
) -> tuple[IntentGuess, ...]:
    """The wishes of the sentences in their order, where the message as a whole is unclear because it has several; else what was
    guessed first, and behind it what sentences want besides."""
    main, parts = guesses[0], sentences(text)
    if len(guesses) > 1 or main.label not in WISHES or not 1 < len(parts) <= _MOST_SENTENCES:
        return tuple(guesses)
    own = _own_wishes(text, parts, guess_one)
    if main.confidence >= CLEAR:
        others = (guess for label, guess in own.items() if label != main.label and guess.confidence >= BESIDE)
        return (main, *others)
    return tuple(own.values()) if len(own) > 1 or "meeting_change" in own else tuple(guesses)


def _own_wishes(
    text: str, parts: Sequence[Sequence[Word]], guess_one: Callable[[str], IntentGuess]
) -> dict[str, IntentGuess]:
    """Each wish once, at its first place."""
    folded, found = fold(text), dict[str, IntentGuess]()
    for part in parts:
        said = folded.quote(part[0].start, part[-1].end)
        own = guess_one(said)
        if own.label in WISHES and own.confidence >= OWN and (own.label != "follow_up" or _names_return(said)):
            found.setdefault(own.label, own)
        elif own.label not in COURTEOUS and _asks(text, part, said):
            found.setdefault("lead_inquiry", IntentGuess("lead_inquiry", BESIDE, said, own.label))
    if "meeting_change" in found:
        found.pop("meeting_request", None)
    return found


def _asks(text: str, part: Sequence[Word], said: str) -> bool:
    """Marked as a question, in more than a word or two, and not about a day: whatever it is about, it wants an answer."""
    marked = fold(text).text[part[-1].end :].lstrip(" )\"'").startswith("?")
    return marked and len(part) >= _QUESTION and not names_time(said)


def in_context(guess: IntentGuess, text: str, context: ConversationContext) -> IntentGuess:
    """Other times are a change where a meeting stands, and still a request where only offers do. Who names a time and most
    likely wants to meet hardly wants anything else."""
    if guess.label == "meeting_change" and not context.has_meeting:
        if _is_offering(context):
            return replace(guess, label="meeting_request", runner_up="meeting_change")
        if guess.confidence < VAGUE and names_time(text):  # there is nothing to move
            guess = replace(guess, label="meeting_request", runner_up="meeting_change")
    if guess.label != "meeting_request":
        return guess
    unsure = guess.runner_up == "meeting_change" and guess.confidence < UNSURE
    if context.has_meeting and (context.awaiting == "confirm_change" or unsure):
        return replace(guess, label="meeting_change", runner_up="meeting_request")
    if guess.confidence < _ALMOST and names_time(text):
        return replace(guess, confidence=round(min(_ALMOST, guess.confidence + NAMED_TIME), 3))
    return guess


def _is_offering(context: ConversationContext) -> bool:
    return context.offered or context.awaiting == "slot_choice"
