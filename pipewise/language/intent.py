"""What a lead wants with a message: exact rules, weighted phrases in every language of ours, and a trained classifier beside them."""

from collections.abc import Sequence
from functools import partial

from pipewise.language.choice import agrees, declines_all, mentions_choice, only_picks
from pipewise.language.consent import is_opt_in, is_opt_out, word_set
from pipewise.language.contact import find_name
from pipewise.language.folding import Word, clauses, fold, sentences
from pipewise.language.human import accepts_meeting, asks_human, asks_if_bot
from pipewise.language.intent_guesses import INTENTS, ConversationContext, IntentGuess
from pipewise.language.intent_model import IntentModel
from pipewise.language.intent_scores import Scores, score
from pipewise.language.intent_several import by_sentence, in_context, names_time
from pipewise.language.intent_weighing import weigh
from pipewise.language.repair import takes_any
from pipewise.language.spoken_email import read_email_answer

__all__ = [
    "INTENTS",
    "ConversationContext",
    "IntentGuess",
    "asks_human",
    "asks_if_bot",
    "classify",
    "is_opt_in",
    "is_opt_out",
]

_OUTRIGHT = 0.85  # from here on a message says something else than the answer we wait for
_STRONG = 0.8  # from here on a clause is taken to carry an intent of its own
_HEARD = 0.35
_DOUBTFUL = 0.5
_MOST_SENTENCES = 60  # a message with more has said what it wants by then
_MOST_CLAUSES = 12
_COURTEOUS = frozenset(("greeting", "follow_up"))
_BY_HAND = frozenset(("opt_out", "human_request"))
_BESIDE_ANSWER = frozenset(("lead_inquiry", "meeting_change"))
_CONJUNCTIONS = word_set(
    "and but also y e und et mais aber pero mas ma और लेकिन aur lekin و ولكن و لكن plus además além auch aussi anche"
)


def classify(text: str, *, context: ConversationContext, trained: IntentModel | None = None) -> tuple[IntentGuess, ...]:
    """The intents of one turn in order of appearance; the first is the one to handle first. An opt-out always leads.

    What answers our own question is no new intent: it belongs to the route that asked. Without `trained` the rules decide alone.
    """
    guesses = _spoken_for(text)
    if guesses[0].label in _BY_HAND:
        return guesses
    if accepts_meeting(text):
        return (in_context(IntentGuess("meeting_request", 0.9, text.strip(), None), text, context),)
    answer = _answer(text, context)
    if answer and (_picks_in_passing(text, context) or not _outweighs(guesses, answer)):
        others = [guess for guess in guesses if guess.label in _BESIDE_ANSWER and guess.confidence >= _STRONG]
        return (answer, *(guess for guess in others if guess.label != answer.label))
    if guesses[0].confidence < _DOUBTFUL and (context.offered or context.has_meeting) and _chooses(text):
        label = "meeting_request" if context.offered else "meeting_change"
        return (IntentGuess(label, 0.7, text.strip(), guesses[0].label),)
    if trained:
        guesses = by_sentence(text, weigh(text, guesses, trained), partial(_weighed, trained=trained))
    return tuple(in_context(guess, text, context) for guess in guesses)


def _weighed(sentence: str, *, trained: IntentModel) -> IntentGuess:
    return weigh(sentence, _spoken_for(sentence), trained)[0]


def _spoken_for(text: str) -> tuple[IntentGuess, ...]:
    parts = sentences(text)[:_MOST_SENTENCES]
    found = [guess for part in parts for guess in _of_sentence(text, part)]
    strong = [guess for guess in found if guess.confidence >= _STRONG]
    light = _COURTEOUS if any(guess.label == "follow_up" for guess in strong) else {"greeting"}
    asked = [guess for guess in found if guess.label not in light and guess.confidence >= _HEARD]
    if asked and all(_is_opening(guess) for guess in strong):
        strong = asked  # "Great. Get me in at four?": the thanks is sure, the wish is what counts
    guesses = _without_courtesy(strong) if strong else sorted(found, key=lambda guess: -guess.confidence)[:1]
    if is_opt_out(text):
        others = [guess for guess in guesses if guess.label in {"meeting_change", "human_request"}]
        return (IntentGuess("opt_out", 0.98, text.strip(), None), *others)
    return tuple(guesses) or (_unknown(text),)


def _of_sentence(text: str, sentence: tuple[Word, ...]) -> list[IntentGuess]:
    """One intent, or several where clauses carry different ones of their own."""
    whole = _best(text, sentence)
    parts = clauses(sentence, _CONJUNCTIONS)
    if whole is None or len(parts) == 1:
        return [whole] if whole else []
    own = [guess for guess in (_best(text, part) for part in parts) if guess and guess.confidence >= _STRONG]
    own = _without_courtesy(own)
    labels = {guess.label for guess in own}
    if len(labels) > 1 and whole.label in labels:
        return own
    return [whole]


def _without_courtesy(guesses: Sequence[IntentGuess]) -> list[IntentGuess]:
    """Each intent once, at its first place; greetings, thanks and asides fall away beside something to be done."""
    kept: dict[str, IntentGuess] = {}
    for guess in guesses:
        known = kept.get(guess.label)
        if known is None or guess.confidence > known.confidence:
            kept[guess.label] = guess
    asked = set(kept) - {"greeting", "follow_up", "out_of_scope"}
    dropped = {"greeting", "out_of_scope"} if asked or "follow_up" in kept else set[str]()
    if "meeting_change" in kept:
        dropped.add("meeting_request")
    if asked and "follow_up" in kept and _is_opening(kept["follow_up"]):
        dropped.add("follow_up")
    return [guess for label, guess in kept.items() if label not in dropped]


def _is_opening(guess: IntentGuess) -> bool:
    """A thanks, a yes or a hello in front of what is asked."""
    return guess.label in _COURTEOUS and len(guess.evidence.split()) <= 2


def _answer(text: str, context: ConversationContext) -> IntentGuess | None:
    """The guess when the message answers what we asked, or None."""
    awaiting, said = context.awaiting, text.strip()
    chooses = _chooses if context.offered else agrees  # without times on offer, we asked whether a meeting is wanted
    if _picks_in_passing(text, context) or (awaiting == "slot_choice" and chooses(text)):
        return IntentGuess("meeting_request", 0.92, said, None)
    if awaiting == "confirm_change" and _chooses(text):
        return IntentGuess("meeting_change", 0.92, said, None)
    if awaiting == "email" and (read_email_answer(text) or "@" in text):
        return IntentGuess("meeting_request", 0.97, said, None)
    if awaiting == "name" and find_name(text, expected=True):
        return IntentGuess("meeting_request", 0.9, said, None)
    if awaiting == "answer" and said:
        return IntentGuess("lead_inquiry", 0.8, said, None)
    return None


def _picks_in_passing(text: str, context: ConversationContext) -> bool:
    """A clause that is nothing but a pick: "2, and do you integrate with HubSpot?"."""
    if context.awaiting != "slot_choice":
        return False
    parts = [part for sentence in sentences(text) for part in clauses(sentence, _CONJUNCTIONS)]
    return any(only_picks(fold(text).quote(part[0].start, part[-1].end)) for part in parts[:_MOST_CLAUSES])


def _chooses(text: str) -> bool:
    """The text names a place in the list or a time, agrees, or asks for other times."""
    if mentions_choice(text) or agrees(text) or declines_all(text) or takes_any(text):
        return True
    return names_time(text)


def _outweighs(guesses: Sequence[IntentGuess], answer: IntentGuess) -> bool:
    """Something said outright that is not the answer: a person wanted, a question, a meeting to move."""
    first = guesses[0]
    if first.label in {answer.label, "greeting", "follow_up", "out_of_scope"} or first.confidence < _STRONG:
        return False
    if answer.label == "meeting_request":
        return first.label != "meeting_change" and first.confidence >= _OUTRIGHT
    return first.confidence >= _OUTRIGHT


def _guess(text: str, part: Sequence[Word], scores: Scores, label: str) -> IntentGuess:
    hit = scores.best_hit.get(label)
    evidence = fold(text).quote(part[hit.first].start, part[hit.last].end) if hit else ""
    others = [other for other in scores.ranked() if other != label]
    return IntentGuess(label, round(scores.confidence(label, len(INTENTS)), 3), evidence, others[0] if others else None)


def _best(text: str, part: Sequence[Word]) -> IntentGuess | None:
    scores = score(part)
    ranked = scores.ranked()
    return _guess(text, part, scores, ranked[0]) if ranked else None


def _unknown(text: str) -> IntentGuess:
    """Nothing spoke for anything: a question is rather an inquiry, a statement rather not for us."""
    if agrees(text):
        return IntentGuess("follow_up", 0.6, text.strip(), None)
    if "?" in fold(text).text:
        return IntentGuess("lead_inquiry", 0.3, "", "out_of_scope")
    return IntentGuess("out_of_scope", 0.25, "", "lead_inquiry")
