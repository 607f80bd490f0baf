"""Rules and the trained classifier weighed together: a calibrated confidence for what a message wants.

Both are wrong in different places: the rules miss what nobody wrote a phrase for, the classifier what its training never
said. Their mean is right more often than either, and too careful where they agree; the sharpening takes that back.
The two numbers were set on messages that neither was made from (docs/evals.md).
"""

from collections.abc import Sequence

from pipewise.language.intent_guesses import INTENTS, IntentGuess
from pipewise.language.intent_model import IntentModel

RULES_SHARE = 0.4
SHARPENING = 0.7
_ADDRESS = ("@", "://", "www.")


def weigh(text: str, guesses: Sequence[IntentGuess], trained: IntentModel) -> tuple[IntentGuess, ...]:
    """The guess of the two together. Several wishes that the rules found stay as they are, in their order."""
    if len(guesses) > 1 or not text.strip():
        return tuple(guesses)
    (heard,) = guesses
    likely = mix(heard, trained.probabilities(_without_addresses(text)))
    best, second = sorted(likely, key=lambda label: -likely[label])[:2]
    evidence = heard.evidence if heard.label == best and heard.evidence else text.strip()
    return (IntentGuess(best, round(likely[best], 3), evidence, second),)


def _without_addresses(text: str) -> str:
    """E-mail addresses and links name people and firms that training never saw, and say nothing of what is wanted."""
    return " ".join(part for part in text.split() if not any(mark in part for mark in _ADDRESS))


def mix(heard: IntentGuess, trained: dict[str, float]) -> dict[str, float]:
    """How likely each label is."""
    rest = (1 - heard.confidence) / (len(INTENTS) - 1)
    both = {
        label: (1 - RULES_SHARE) * trained[label] + RULES_SHARE * (heard.confidence if label == heard.label else rest)
        for label in INTENTS
    }
    sharp = {label: share ** (1 / SHARPENING) for label, share in both.items()}
    whole = sum(sharp.values())
    return {label: share / whole for label, share in sharp.items()}
