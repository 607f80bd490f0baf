"""Opting out and in: exact rules, many languages, and what only looks like it."""

import pytest

from pipewise.language.consent import is_opt_in, is_opt_out
from tests.conftest import TESTS

OPT_OUTS = {
    "en": (
        "STOP",
        "Stop. Thank you",
        "stop please",
        "unsubscribe",
        "Unsubscribe me please",
        "please remove me from your list",
        "don't contact me again",
        "take me off your mailing list",
        "opt out",
        "END",
        "quit",
        "Stop texting me!!",
        "no more messages thanks",
        "leave me alone",
        "I never signed up for this, stop",
        "How do I unsubscribe?",
        "I want to opt out",
        "please stop sending me messages",
        "lose my number",
        "Remove my number from your database",
        "STOPALL",
        "I don't want to receive these messages anymore",
        "delete my number",
    ),
    "es": (
        "baja",
        "BAJA por favor",
        "quiero darme de baja",
        "dejen de enviarme mensajes",
        "no me escriban más",
        "borren mis datos",
        "eliminen mi número de su lista",
        "no quiero recibir más mensajes",
    ),
    "pt": (
        "sair",
        "parar",
        "PARE",
        "quero cancelar a inscrição",
        "não quero mais receber mensagens",
        "parem de me mandar mensagens",
        "me remova da lista",
        "me descadastre por favor",
    ),
    "fr": (
        "désabonner",
        "désabonnez-moi",
        "arrêtez de m'envoyer des messages",
        "ne m'écrivez plus",
        "retirez-moi de votre liste",
        "STOP svp",
        "je ne veux plus recevoir de messages",
    ),
    "de": (
        "abbestellen",
        "abmelden bitte",
        "Bitte schreiben Sie mir nicht mehr",
        "keine Nachrichten mehr",
        "nehmen Sie mich aus dem Verteiler",
        "Stopp!",
        "Löschen Sie meine Daten",
    ),
    "it": (
        "cancellami",
        "disiscrivimi",
        "non voglio più ricevere messaggi",
        "smettetela di scrivermi",
        "basta messaggi",
        "rimuovetemi dalla lista",
    ),
    "hi": (
        "रोकें",
        "मुझे मैसेज मत भेजो",
        "बंद करो",
        "मेरा नंबर हटा दो",
        "mujhe message mat karo",
        "band karo ye messages",
        "सदस्यता समाप्त करें",
    ),
    "ar": (
        "إيقاف",
        "توقف عن مراسلتي",
        "لا ترسل لي رسائل بعد الآن",
        "أريد إلغاء الاشتراك",
        "احذفوا رقمي من القائمة",
    ),
    "nl": (
        "afmelden",
        "stuur mij geen berichten meer",
        "schrijf me uit",
    ),
    "pl": (
        "wypisz mnie",
        "proszę mnie wypisać",
        "nie piszcie do mnie",
    ),
    "tr": (
        "abonelikten çık",
        "bana mesaj atmayın",
    ),
    "ru": (
        "отписаться",
        "не пишите мне больше",
        "стоп",
    ),
    "id": (
        "berhenti berlangganan",
        "jangan kirim pesan lagi",
    ),
    "zh and ja": (
        "退订",
        "停止",
        "配信停止",
    ),
}

NEAR_MISSES = (
    "stop, Zé isn't coming",
    "can't stop thinking about your product",
    "bus stop",
    "where is the nearest bus stop?",
    "is there a stop fee?",
    "I need to stop by your office",
    "non-stop support?",
    "does it stop at 5pm?",
    "we had to stop using our old tool",
    "nothing can stop us",
    "the end of the month works",
    "at the end of the call",
    "let's end the contract with our old vendor, then start",
    "I can't quit my job for this",
    "how does your tool handle opt-outs?",
    "do your customers unsubscribe often?",
    "does the bot stop when a lead says unsubscribe?",
    "please don't unsubscribe me",
    "I didn't say stop",
    "don't contact me before Monday",
    "don't call me today, call me tomorrow",
    "please cancel my meeting",
    "cancel",
    "no",
    "no thanks",
    "not interested right now",
    "remove the second attendee please",
    "delete the 3pm slot",
    "can you delete my data after the trial?",
    "I was unable to stop by",
    "full stop",
    "do you send messages on weekends?",
    "how many messages can I send?",
    "no more questions, thanks",
    "la parada del autobús",
    "no puedo parar de pensar en su producto",
    "quiero cancelar la reunión",
    "¿puedo dar de baja usuarios en el plan?",
    "no me llames antes del lunes",
    "la temporada baja es mejor para mí",
    "precio más bajo?",
    "quero parar na sexta para conversar",
    "não consigo sair agora, pode ser às 15h?",
    "vou sair de férias",
    "sair mais cedo hoje",
    "quero cancelar a reunião",
    "l'arrêt de bus",
    "je n'arrête pas d'y penser",
    "annuler le rendez-vous",
    "ich kann nicht aufhören daran zu denken",
    "Termin absagen",
    "bitte um 15 Uhr an der Haltestelle",
    "Abmeldung vom Urlaub",
    "non smetto di pensarci",
    "annulla la riunione",
    "fermata dell'autobus",
    "मीटिंग कैंसल करो",
    "यह रुकता क्यों है",
    "kal mat aana, parso aao",
    "meeting band room mein hai",
    "أريد إلغاء الاجتماع",
    "لا أستطيع التوقف عن التفكير في منتجكم",
    "متى تتوقف الخدمة؟",
)


def test_the_tables_are_as_wide_as_promised() -> None:
    assert sum(len(phrases) for phrases in OPT_OUTS.values()) >= 60
    assert len(OPT_OUTS) >= 12
    assert len(NEAR_MISSES) >= 40


@pytest.mark.parametrize("text", [text for phrases in OPT_OUTS.values() for text in phrases])
def test_opts_out(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_miss_does_not_opt_out(text: str) -> None:
    assert not is_opt_out(text)


@pytest.mark.parametrize(
    "text", ["STOP", "  stop  ", "Stop!!!", "stop 🙏", "ＳＴＯＰ", "s\u200btop", "STOP\n", "Hi. Stop. Thanks."]
)
def test_case_spacing_and_hidden_characters_do_not_matter(text: str) -> None:
    assert is_opt_out(text)


@pytest.mark.parametrize(
    "text",
    ["START", "start", "Start please", "START.", "unstop", "subscribe me again", "alta", "Começar", "शुरू करें", "ابدأ"],
)
def test_opts_in(text: str) -> None:
    assert is_opt_in(text)


@pytest.mark.parametrize(
    "text",
    ["when do we start?", "start at 5", "let's start", "I want to start a trial", "STOP", "yes", "we start Monday", ""],
)
def test_other_words_do_not_opt_in(text: str) -> None:
    assert not is_opt_in(text)


def test_no_phrase_is_both() -> None:
    assert not [text for phrases in OPT_OUTS.values() for text in phrases if is_opt_in(text)]


def test_an_advertisement_that_tells_how_to_end_it_is_no_opt_out() -> None:
    assert not is_opt_out("Your stars are high today. Psychic? Reply ANS with your question. End? Reply END STARS")
    assert is_opt_out("Reply STOP")
    assert is_opt_out("text stop please unsubscribe me")


def _lines(name: str) -> list[str]:
    return [line for line in (TESTS / "data" / name).read_text(encoding="utf-8").splitlines() if line]


@pytest.mark.parametrize("line", _lines("opt_outs.txt"))
def test_people_put_it_in_many_ways(line: str) -> None:
    assert is_opt_out(line.partition("|")[2])


@pytest.mark.parametrize("text", _lines("no_opt_outs.txt"))
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert not is_opt_out(text)
