"""What a message asks, with or without a question mark."""

from functools import cache

from pipewise.language.consent import entries, word_set
from pipewise.language.folding import Word, fold, sentences
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
ما|ماذا|كيف|كم|متى|أين|هل|لماذا|وهل|وكم|وكيف|ومتى|وما
"""

_AND = word_set("and also plus y además e também et aussi und außerdem anche inoltre और aur و")
_WITH_AND = word_set("وهل وكم وكيف ومتى وما")  # Arabic writes its "and" to the word
# What asks for more than yes or no, wherever it stands.
_OPEN = word_set(
    """what which who whom whose where when why how whats cuál cuáles quién quiénes cuánto cuánta cuántos cuántas cómo
    cuándo dónde qual quais quem quanto quanta quantos quantas onde quel quelle quels quelles combien comment quand où
    pourquoi qui quoi was welche welcher welches welchem wie wieviel wann wo warum wer wen quale quali quanti quante chi
    quando dove perché tell describe name किस कितना कितने कितनी कब कहाँ कौन कैसे क्यों kitna kitne kab kahan kaun kaise ما
    ماذا كيف كم متى أين أي لماذا"""
)
_OPEN_FIRST = word_set("qué o che من")  # "Que souhaitez-vous", "O que gostaria"; further behind, a "that"
_AT_FIRST = word_set("con en de por para a em com")  # "Con qué herramientas"
_OPEN_BEHIND = word_set("क्या kya")  # at the beginning they ask for yes or no
_YES_OR_NO = word_set("هل")


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


def question_parts(question: str) -> tuple[str, ...]:
    """Each thing that is asked for itself: "how much is it and does it work with X" asks two. A part that asks nothing of its
    own stays with the one beside it."""
    folded, parts = fold(question), list[list[Word]]()
    for sentence in sentences(question):
        for place, word in enumerate(sentence):
            joint = word.text in _AND or word.text in _WITH_AND or word.breaks
            asked = bool(place) and bool(_asking().matches(tuple(parts[-1])))
            if place == 0 or (joint and asked and _asks(sentence[place + (word.text in _AND) :])):
                parts.append([])
            parts[-1].append(word)
    return tuple(folded.quote(part[0].start, part[-1].end) for part in parts)


def _asks(spoken: tuple[Word, ...]) -> bool:
    return any(match.first == 0 for match in _asking().matches(spoken))


def is_yes_or_no(question: str) -> bool:
    """Whether a bare "yes" answers it."""
    if "?" not in fold(question).text:
        return False
    for sentence in sentences(question):
        spoken = [word.text for word in sentence]
        if spoken[0] in _YES_OR_NO:
            continue
        first = spoken[1:2] if spoken[0] in _AT_FIRST else spoken[:1]
        if _OPEN_FIRST.intersection(first) or _OPEN.intersection(spoken) or _OPEN_BEHIND.intersection(spoken[1:]):
            return False
    return True
