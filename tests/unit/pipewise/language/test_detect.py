"""Language of a message, and when a message is too short to change it."""

import pytest

from pipewise.language.detect import LANGUAGES, detect_language

EXAMPLES = {
    "en": ("Hello, can we book a demo tomorrow?", "what does it cost", "thanks, that works for me"),
    "es": ("Hola, ¿podemos agendar una llamada?", "cuánto cuesta", "el jueves por la tarde"),
    "pt": ("Olá, podemos marcar uma reunião?", "quanto custa para nós?", "amanhã de manhã não consigo"),
    "fr": ("Bonjour, je voudrais un rendez-vous", "c'est combien ?", "jeudi après-midi ça me va"),
    "de": ("Guten Tag, ich hätte gern einen Termin", "was kostet das?", "am Donnerstag passt es mir"),
    "it": ("Buongiorno, vorrei un appuntamento", "quanto costa?", "giovedì pomeriggio va bene"),
    "hi": ("नमस्ते, मुझे डेमो चाहिए", "kya kal baat ho sakti hai?", "mujhe price batao"),
    "ar": ("مرحبا، أريد تحديد موعد", "كم السعر؟", "يوم الخميس مناسب"),
}


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in EXAMPLES.items() for text in texts])
def test_detects_without_a_default(language: str, text: str) -> None:
    assert detect_language(text, default=None) == language


@pytest.mark.parametrize(("language", "text"), [(code, text) for code, texts in EXAMPLES.items() for text in texts[:1]])
def test_follows_a_switch_within_one_turn(language: str, text: str) -> None:
    other = "de" if language != "de" else "en"
    assert detect_language(text, default=other) == language


@pytest.mark.parametrize(
    "text", ["ok", "2", "👍", "", "ana@acme.io", "https://example.com/la-demo-de-el", "Ana Silva", "15:00"]
)
@pytest.mark.parametrize("default", LANGUAGES)
def test_a_short_text_keeps_the_default(text: str, default: str) -> None:
    assert detect_language(text, default=default) == default


@pytest.mark.parametrize("text", ["quiero una demo please", "la demo del jueves thanks a lot"])
def test_a_mixed_text_stays_with_the_conversation(text: str) -> None:
    assert detect_language(text, default="en") == "en"
    assert detect_language(text, default="es") == "es"


def test_an_unknown_default_and_an_unknown_text_give_english() -> None:
    assert detect_language("zzz", default=None) == "en"
    assert detect_language("zzz", default="tlh") == "en"
    assert detect_language("你好，我想预约", default=None) == "en"


def test_mixed_script_goes_by_what_is_mostly_written() -> None:
    assert detect_language("demo चाहिए कल", default="en") == "hi"
    assert detect_language("my name is अ, please book a call", default=None) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mejor contáctenme dentro de dos semanas", "es"),
        ("cómo pido una sesión?", "es"),
        ("Quando potremmo parlarne a voce?", "it"),
        ("y a-t-il plus tôt?", "fr"),
        ("doch besser gegen mittag", "de"),
    ],
)
def test_a_first_message_of_few_words(text: str, language: str) -> None:
    assert detect_language(text, default=None) == language
