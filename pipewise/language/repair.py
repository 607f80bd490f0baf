"""Ways to mend a conversation: to have the last message said again, to go on in another language, to take any of the times."""

from functools import cache

from pipewise.language.consent import entries, word_set
from pipewise.language.consent_words import COURTESY
from pipewise.language.folding import sentences, words
from pipewise.language.patterns import PhraseTable

REPEAT = """
repeat; repeat that|it|please; say that|it again; come again; can|could you repeat|resend; send it|that|them again
what did you say; i didn't get that; i lost the message
once more please; repite|repita|repítelo|repítalo; puede|puedes repetir|repetirlo; otra vez por favor; no entendí; repete|repita
pode repetir
podes repetir; outra vez por favor; não percebi|entendi; répétez|répète; pouvez-vous répéter; tu peux répéter; je n'ai pas compris
wiederholen; noch|nochmal mal? bitte; können sie das? wiederholen; kannst du das? wiederholen; wie bitte
das habe ich nicht verstanden
ripeti|ripeta; può|puoi ripetere; non ho capito; दोबारा|फिर से बताइए|बताओ|कहिए|भेजिए|बोलो; dobara|phir se batao|bataiye|bhejo|bolo
أعد|كرر; هل يمكنك الإعادة|التكرار
مرة أخرى من فضلك; لم أفهم
"""
ANY = """
any; anyone; either; whichever; whatever; any of them|those|these; any time; you choose|pick|decide; doesn't matter; all good
cualquiera; cualquiera|la de ellos|ellas; el que sea; me da igual
da igual; como quieras; qualquer um|uma; tanto faz; pode escolher; escolha; n'importe lequel|laquelle; peu importe
comme vous voulez; egal; ganz egal; irgendeiner|irgendeine; is mir egal
ist mir egal; such dir|suchen sie eine|einen aus; uno qualsiasi; una qualsiasi; qualsiasi; fa lo stesso; è uguale; कोई भी; koi bhi
कोई सा भी; koi sa bhi; أي واحد|وقت; أيهما; لا يهم; اختر أنت
"""
LANGUAGES = {
    "en": "english|inglés|ingles|inglês|anglais|englisch|inglese|अंग्रेज़ी|अंग्रेजी|angrezi|الإنجليزية|بالإنجليزية|إنجليزي",
    "es": "spanish|español|espanol|castellano|espanhol|espagnol|spanisch|spagnolo|स्पेनिश|الإسبانية|بالإسبانية",
    "pt": "portuguese|portugués|português|portugues|portugais|portugiesisch|portoghese|पुर्तगाली|البرتغالية|بالبرتغالية",
    "fr": "french|francés|frances|francês|français|francais|französisch|francese|फ्रेंच|الفرنسية|بالفرنسية",
    "de": "german|alemán|aleman|alemão|allemand|deutsch|tedesco|जर्मन|الألمانية|بالألمانية",
    "it": "italian|italiano|italien|italienisch|इतालवी|الإيطالية|بالإيطالية",
    "hi": "hindi|हिंदी|हिन्दी|الهندية|بالهندية",
    "ar": "arabic|árabe|arabe|arabisch|arabo|अरबी|العربية|بالعربية|عربي",
}
SPEAKING = word_set(
    "speak talk write chat continue switch hablar hablamos habla hablas escribir falar fala escrever parler parlez parles écrire "
    "sprechen sprichst schreiben parlare parla parli scrivere बात bolo baat تحدث نتحدث تكلم اكتب"
)
_PREPOSITIONS = word_set("in en auf em में mein")
_OF_THINGS = word_set("it does product app software bot system")
_SHORT = 8
_COURTESY = word_set(COURTESY)


def _table(listed: str) -> PhraseTable[None]:
    return PhraseTable((pattern, None) for pattern in entries(listed))


@cache
def _repeat() -> PhraseTable[None]:
    return _table(REPEAT)


@cache
def _any() -> frozenset[tuple[str, ...]]:
    patterns = (pattern.split() for pattern in entries(ANY))
    return frozenset(spelled for pattern in patterns for spelled in _spellings(pattern))


def _spellings(pattern: list[str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for choice in pattern:
        found = [(*one, word.text) for one in found for part in choice.split("|") for word in words(part)]
    return found


@cache
def _named() -> dict[str, str]:
    return {word.text: code for code, listed in LANGUAGES.items() for name in listed.split("|") for word in words(name)}


def asks_repeat(text: str) -> bool:
    """The last message should be said again, and nothing else is wanted."""
    return len(words(text)) <= _SHORT and any(_repeat().found_in(sentence) for sentence in sentences(text))


def takes_any(text: str) -> bool:
    """Whichever of the offered times; courtesies aside nothing else is said."""
    return tuple(word.text for word in words(text) if word.text not in _COURTESY) in _any()


def asks_language(text: str) -> str | None:
    """The language that a short message asks to go on in."""
    spoken = [word.text for word in words(text)]
    if set(spoken) & _OF_THINGS:
        return None  # what the product speaks is another question
    named = {_named()[word] for word in spoken if word in _named()}
    said = [word for word in spoken if word not in _COURTESY | _PREPOSITIONS]
    asks = bool(set(spoken) & SPEAKING) or len(said) == 1
    return named.pop() if len(named) == 1 and asks and len(spoken) <= _SHORT else None
