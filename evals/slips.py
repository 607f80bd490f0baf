"""How people really type: small letters, missing accents and signs, slips of the finger, spoken fillers, a hello in front."""

import random
import unicodedata

_ENGLISH = ("um", "so", "ok so", "hey so", "well", "uh", "like", "right so", "yeah so")
_FILLERS = {
    "en": _ENGLISH,
    "es": ("eh", "bueno", "pues", "o sea", "este", "a ver"),
    "pt": ("então", "tipo", "é", "bom", "olha", "assim"),
    "fr": ("euh", "bon", "alors", "ben", "du coup"),
    "de": ("äh", "also", "naja", "so", "ähm"),
    "it": ("eh", "allora", "cioè", "beh"),
    "hi": ("अच्छा", "सुनिए", "वो", "मतलब"),
    "hi_latn": ("accha", "suno", "matlab", "arre"),
    "ar": ("يعني", "طيب", "اسمع", "والله"),
}
_SHORT = {
    "en": {"you": "u", "are": "r", "please": "pls", "tomorrow": "tmrw", "thanks": "thx", "for": "4", "your": "ur"},
    "es": {"que": "q", "por": "x", "también": "tb", "porque": "xq", "para": "pa", "quiero": "kiero"},
    "pt": {"você": "vc", "vocês": "vcs", "que": "q", "também": "tb", "para": "pra", "está": "tá"},
    "fr": {"vous": "vs", "pour": "pr", "rendez-vous": "rdv", "bonjour": "bjr", "beaucoup": "bcp", "c'est": "cest"},
    "de": {"nicht": "nich", "einen": "nen", "eine": "ne", "vielleicht": "vllt", "ich": "i"},
}


def _spoken(language: str) -> str:
    """The language of a grammar such as `en_more`."""
    return language if language in _FILLERS else language.partition("_")[0]


def as_typed(text: str, language: str, hello: tuple[str, ...], draw: random.Random, label: str) -> str:
    """The message as a person in a hurry might send it; often as it is."""
    if label != "greeting" and draw.random() < 0.09:
        text = f"{draw.choice(hello)}{draw.choice((',', ' ', '!', '.'))} {text}"
    if label not in {"greeting", "opt_out"} and draw.random() < 0.05:
        text = f"{draw.choice(_FILLERS[_spoken(language)])} {text}"
    if draw.random() < 0.12:
        short = _SHORT.get(_spoken(language), {})
        text = " ".join(short.get(word, word) for word in text.split(" "))
    if draw.random() < 0.22:
        text = _without_accents(text)
    if draw.random() < 0.35:
        text = text.rstrip(" ?.!؟")
    if draw.random() < 0.1:
        text = _slip(text, draw)
    return _cased(" ".join(text.replace(" ?", "?").split()), draw)


def _cased(text: str, draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.4:
        return text[:1].upper() + text[1:]
    if chance < 0.75:
        return text.lower()
    return text.upper() if chance > 0.99 else text


def _without_accents(text: str) -> str:
    kept = [part for part in unicodedata.normalize("NFD", text) if not "\u0300" <= part <= "\u036f"]
    return unicodedata.normalize("NFC", "".join(kept))


def _slip(text: str, draw: random.Random) -> str:
    """Two letters swapped, one missing or one doubled in a longer word."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return text
    place = draw.choice(long)
    word = words[place]
    at = draw.randrange(1, len(word) - 1)
    words[place] = draw.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )
    return " ".join(words)
