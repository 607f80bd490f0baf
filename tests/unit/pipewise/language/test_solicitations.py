"""Those who want to sell, to be hired, to report or to cheat, told from leads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.language.solicitations import SOLICITORS, find_solicitor

WRITES = {
    "vendor": (
        "Hi, we offer SEO services at great prices",
        "Our agency can boost your traffic",
        "Do you take guest posts on your blog?",
        "we'd love to introduce our services",
        "Ofrecemos servicios de marketing digital",
        "Oferecemos serviços de design gráfico",
        "Nous proposons des services de traduction",
        "Wir bieten günstige SEO Dienstleistungen an",
        "offriamo servizi di sviluppo web",
        "हम वेब डिज़ाइन सेवाएं प्रदान करते हैं",
        "نقدم لكم خدمات التسويق الرقمي",
    ),
    "job_seeker": (
        "are you hiring?",
        "I want to apply for the sales position",
        "please find attached my CV",
        "do you have any vacancies",
        "Busco trabajo de vendedor",
        "Procuro emprego na área comercial",
        "Je cherche un emploi",
        "Ich suche eine Stelle im Vertrieb",
        "cerco lavoro",
        "मुझे नौकरी चाहिए",
        "أبحث عن وظيفة في المبيعات",
    ),
    "press": (
        "I'm a journalist with the Daily News",
        "Press inquiry: who can I speak to?",
        "I am writing an article about chatbots",
        "soy periodista de El País",
        "sou jornalista",
        "je suis journaliste au Monde",
        "Ich bin Journalistin",
        "sono una giornalista",
        "أنا صحفي",
    ),
    "spam": (
        "Congratulations, you won an iPhone!",
        "Claim your prize now",
        "earn $500 daily from home",
        "double your bitcoin today",
        "ha ganado un premio",
        "você ganhou um prêmio",
        "hai vinto un premio",
    ),
}
LEADS = (
    "we are an SEO agency and need a CRM bot",
    "we offer cleaning services and lose leads every night",
    "how much does your product cost?",
    "I'm the head of marketing, we're looking for a lead tool",
    "Can I book a demo?",
    "we want to improve our response time",
    "do you have a plan for 10 people?",
    "our team is hiring fast and we miss calls",
    "I work at a newspaper; does it work with WhatsApp?",
    "necesitamos una herramienta para responder leads",
    "wir suchen eine Lösung für Termine",
    "je cherche une solution pour mes rendez-vous",
    "cerco un software per le prenotazioni",
    "hello",
    "",
    "40 people",
    "2",
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WRITES.items() for text in texts])
def test_who_is_no_lead_is_recognised(kind: str, text: str) -> None:
    found = find_solicitor(text)
    assert found is not None
    assert found[0] == kind
    assert found[1] in text


@pytest.mark.parametrize("text", LEADS)
def test_a_lead_is_a_lead(text: str) -> None:
    assert find_solicitor(text) is None


def test_every_kind_is_tried() -> None:
    assert set(WRITES) == set(SOLICITORS)


@given(st.text(max_size=300))
def test_anything_can_be_read(text: str) -> None:
    found = find_solicitor(text)
    assert found is None or found[0] in SOLICITORS
