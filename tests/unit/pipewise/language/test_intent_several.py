"""Several wishes of one message, and what the conversation makes likelier."""

import pytest

from pipewise.language.intent import ConversationContext, classify
from pipewise.language.intent_model import load_intent_model

TRAINED = load_intent_model()
NOTHING = ConversationContext(awaiting=None, has_meeting=False, offered=False)
MEETING = ConversationContext(awaiting=None, has_meeting=True, offered=False)


def labels(text: str, context: ConversationContext = NOTHING) -> list[str]:
    return [guess.label for guess in classify(text, context=context, trained=TRAINED)]


@pytest.mark.parametrize(
    "text",
    [
        "What does it cost? And can we meet Thursday at 3?",
        "what's the price and when can we talk",
        "¿Cuánto cuesta? ¿Y podemos hablar el jueves a las 3?",
        "Quanto custa? E podemos marcar uma reunião quinta às 15h?",
        "Combien ça coûte ? Et on peut se voir jeudi à 15h ?",
        "Was kostet das? Und können wir uns am Donnerstag um 15 Uhr treffen?",
        "इसकी कीमत क्या है? और क्या हम गुरुवार को 3 बजे मिल सकते हैं?",
        "ما هو السعر؟ أريد حجز موعد يوم الخميس",
    ],
)
def test_a_question_and_a_wish_to_meet_are_both_heard(text: str) -> None:
    assert labels(text) == ["lead_inquiry", "meeting_request"]


def test_the_label_of_a_message_that_is_clear_as_a_whole_stays_first() -> None:
    text = "Do you have an office in Osaka? And can we meet on Thursday?"
    assert labels(text) == ["meeting_request", "lead_inquiry"]


@pytest.mark.parametrize("text", ["Great, that works! I'd like to see it on Thursday", "Thanks. Can we meet Thursday?"])
def test_a_thanks_is_no_wish_of_its_own(text: str) -> None:
    assert labels(text) == ["meeting_request"]


def test_to_be_asked_later_is_one_where_a_time_is_named() -> None:
    assert labels("How much is it per user? I can only decide in two weeks, get back to me then.") == [
        "lead_inquiry",
        "follow_up",
    ]


@pytest.mark.parametrize(
    "text", ["क्या मीटिंग किसी और दिन हो सकती है? मुझे समय बदलना है", "Kann das Gespräch an einem anderen Tag sein?"]
)
def test_another_time_is_a_change_where_a_meeting_stands(text: str) -> None:
    assert labels(text, MEETING)[0] == "meeting_change"


def test_who_names_a_time_most_likely_wants_to_meet() -> None:
    (guess,) = classify("Pode ser uma reunião na sexta-feira de manhã?", context=NOTHING, trained=TRAINED)
    assert guess.label == "meeting_request"
    assert guess.confidence > 0.55
