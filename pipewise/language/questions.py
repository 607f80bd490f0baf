"""What a message asks, with or without a question mark."""

from functools import cache

from pipewise.language.consent import entries
from pipewise.language.folding import fold, sentences
from pipewise.language.patterns import PhraseTable

ASKING = """
^ what|which|how|who|where|when|why|does|do|is|are|can|could|will|would|did; what's|whats|how's; how much|many|long
tell me ... about|more; i'd|i|we like|want|need to know; wondering; curious about; more info|information|details about|on?
qué|cuál|cuánto|cuántos|cómo|cuándo|dónde; cuanto cuesta; tienen|tienes|ofrecen|incluye|funciona; quisiera|quiero saber
qual|quanto|quantos|como|quando|onde; vocês têm|fazem; tem|inclui|funciona; queria|quero|gostaria ... saber
quel|quelle|quels|quelles|combien|comment|quand|où|pourquoi; est-ce que; avez vous; je voudrais|aimerais savoir
was|welche|welcher|welches|wie|wieviel|wann|wo|warum; gibt es; bieten|haben|können sie; ich möchte|wüsste|würde ... wissen
quale|quali|quanto|quanti|come|quando|dove|perché; avete|offrite|include|funziona; vorrei sapere
क्या|कैसे|कितना|कितने|कितनी|कब|कहाँ|कौन|क्यों; kya|kaise|kitna|kitne|kitni|kab|kahan
ما|ماذا|كيف|كم|متى|أين|هل|لماذا
"""


@cache
def _asking() -> PhraseTable[bool]:
    """The value tells whether the phrase counts only where a sentence begins."""
    return PhraseTable((pattern.removeprefix("^").strip(), pattern.startswith("^")) for pattern in entries(ASKING))


def questions_in(text: str) -> str:
    """The sentences that ask; empty if none does."""
    folded, asked = fold(text), list[str]()
    for sentence in sentences(text):
        said = folded.quote(sentence[0].start, sentence[-1].end)
        marked = folded.text[sentence[-1].end :].lstrip(" )\"'").startswith("?")
        if marked or any(match.first == 0 or not match.value for match in _asking().matches(sentence)):
            asked.append(said)
    return "\n".join(asked)
