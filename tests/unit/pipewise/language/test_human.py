"""Asking for a person, and asking whether there is one."""

import pytest

from pipewise.language.human import accepts_meeting, asks_human, asks_if_bot

WANTS_A_PERSON = (
    "let me speak to a human",
    "agent",
    "can I talk to a real person please",
    "I want to speak with your manager",
    "is this a bot? get me a human",
    "I don't want to talk to a robot",
    "transfer me to support staff",
    "quiero hablar con una persona",
    "pásame con un agente",
    "quero falar com um atendente",
    "me passa para uma pessoa de verdade",
    "passez-moi un conseiller",
    "je veux parler à quelqu'un",
    "Kann ich mit einem Menschen sprechen?",
    "bitte einen Mitarbeiter",
    "vorrei parlare con un operatore",
    "मुझे किसी इंसान से बात करनी है",
    "kisi insaan se baat karao",
    "أريد التحدث مع شخص حقيقي",
    "حولني إلى موظف خدمة العملاء",
)
WANTS_NONE = (
    "how many agents can use it?",
    "we have 12 agents",
    "can we talk tomorrow?",
    "are you a bot?",
    "no human needed, thanks",
    "is it made for real estate agents?",
    "STOP",
    "¿cuántos agentes incluye el plan?",
    "wir haben 12 Mitarbeiter",
    "",
)
ASKS_IF_BOT = (
    "are you a bot?",
    "is this automated?",
    "am I talking to a person or a machine?",
    "are you real",
    "¿eres un robot?",
    "você é um robô?",
    "êtes-vous un robot ?",
    "bist du ein Bot?",
    "sei un bot?",
    "क्या आप बॉट हैं?",
    "هل أنت روبوت؟",
)


@pytest.mark.parametrize("text", WANTS_A_PERSON)
def test_asks_for_a_person(text: str) -> None:
    assert asks_human(text)


@pytest.mark.parametrize("text", WANTS_NONE)
def test_does_not_ask_for_a_person(text: str) -> None:
    assert not asks_human(text)


@pytest.mark.parametrize("text", ASKS_IF_BOT)
def test_asks_whether_it_is_a_bot(text: str) -> None:
    assert asks_if_bot(text)


@pytest.mark.parametrize("text", ["do you have a bot for WhatsApp?", "book a call", "hello", "we need a chatbot", ""])
def test_does_not_ask_whether_it_is_a_bot(text: str) -> None:
    assert not asks_if_bot(text)


@pytest.mark.parametrize(
    "text",
    [
        "could I have a call with someone from your team on Friday?",
        "quiero una llamada con alguien del equipo",
        "tenho interesse em falar com alguém da equipa por chamada",
        "je voudrais un rendez-vous avec quelqu'un de l'équipe",
        "ich hätte gern einen Termin mit jemandem aus dem Vertrieb",
        "vorrei una chiamata con qualcuno del team",
    ],
)
def test_a_meeting_with_somebody_is_no_wish_for_a_person_in_place_of_the_machine(text: str) -> None:
    assert not asks_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "could someone call me instead of this bot",
        "posso ser atendido por um humano?",
        "puis-je joindre un conseiller",
        "geben Sie mir einen Menschen",
        "mi passi un operatore",
    ],
)
def test_a_person_is_asked_for_in_many_ways(text: str) -> None:
    assert asks_human(text)


@pytest.mark.parametrize(
    ("text", "accepts"),
    [
        ("Yes please, a call would be good", True),
        ("Sim, uma chamada seria boa", True),
        ("Oui, un appel serait bien", True),
        ("نعم، مكالمة ستكون جيدة", True),
        ("yes", False),
        ("yes, but is a call really needed?", False),
        ("yes, we use it for meeting notes, not for sales", False),
        ("no, a call would be too much", False),
    ],
)
def test_a_meeting_is_accepted_by_name(text: str, accepts: bool) -> None:
    assert accepts_meeting(text) is accepts
