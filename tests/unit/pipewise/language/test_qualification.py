"""Facts about a lead's need, with exact quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.language.qualification import read_facts

FACTS = {
    "our budget is around 2k a month": {"budget": "2000 per month"},
    "we can spend 5.000 € per month": {"budget": "5000 EUR per month"},
    "$500/month": {"budget": "500 USD per month"},
    "budget: 10-15k EUR": {"budget": "15000 EUR"},
    "nuestro presupuesto es de 3000 euros al mes": {"budget": "3000 EUR per month"},
    "meu orçamento é R$ 2.000 por mês": {"budget": "2000 BRL per month"},
    "बजट 50 हज़ार रुपये है": {"budget": "50000 INR"},
    "ميزانيتنا 2000 دولار شهريا": {"budget": "2000 USD per month"},
    "is it 50 euros a month?": {},
    "we're a 40 person agency looking for a crm bot": {"company_size": "40", "need": "looking for a crm bot"},
    "we are a team of 12 and lose leads every night": {"company_size": "12", "need": "lose leads every night"},
    "we are five people": {"company_size": "5"},
    "somos una inmobiliaria de 15 personas": {"company_size": "15"},
    "tenho uma loja com 8 vendedores": {"company_size": "8"},
    "nous sommes une PME de 50 personnes": {"company_size": "50"},
    "wir sind ein Team von 12 Leuten im Vertrieb": {"company_size": "12"},
    "हमारी कंपनी में 25 लोग हैं": {"company_size": "25"},
    "نحن شركة عقارات ولدينا ٢٠ موظفاً": {"company_size": "20"},
    "2 people will join the call": {},
    "I have 300 leads a month": {},
    "I'm the CEO of Hooli": {"authority": "I'm the CEO", "company": "Hooli"},
    "My boss decides": {"authority": "My boss decides"},
    "I decide": {"authority": "I decide"},
    "soy el dueño": {"authority": "soy el dueño"},
    "sono il titolare": {"authority": "sono il titolare"},
    "ich bin Geschäftsführer": {"authority": "bin Geschäftsführer"},
    "we want to start in January": {"timeline": "January"},
    "as soon as possible": {"timeline": "as soon as possible"},
    "cuanto antes": {"timeline": "cuanto antes"},
    "can we meet next week?": {},
    "I'd like a demo next week": {},
    "we struggle with slow replies on WhatsApp": {"need": "we struggle with slow replies on WhatsApp"},
    "buscamos una herramienta para responder leads": {"need": "buscamos una herramienta para responder leads"},
    "precisamos automatizar o atendimento": {"need": "precisamos automatizar o atendimento"},
    "cerchiamo un software per le vendite": {"need": "cerchiamo un software per le vendite"},
    "humein ek crm chahiye": {"need": "humein ek crm chahiye"},
    "نبحث عن نظام لإدارة العملاء": {"need": "نبحث عن نظام لإدارة العملاء"},
    "I need a demo": {},
    "I need to talk to a human": {},
    "hello": {},
    "": {},
}


@pytest.mark.parametrize("text", list(FACTS))
def test_reads_facts(text: str) -> None:
    facts = read_facts(text)
    assert {fact.field: fact.value for fact in facts} == FACTS[text]
    assert all(fact.quote and fact.quote in text for fact in facts)


def test_one_fact_of_each_field_from_a_long_message() -> None:
    text = (
        "Hi, I'm the founder of Acme. We are 20 people, our budget is €2,000 a month and we need to answer leads faster, "
        "ideally live by March."
    )
    facts = {fact.field: fact for fact in read_facts(text)}
    assert set(facts) == {"authority", "company", "company_size", "budget", "need"}
    assert facts["budget"].value == "2000 EUR per month"
    assert facts["budget"].quote == "€2,000 a month"


@given(st.text(max_size=300))
def test_quotes_are_exact_whatever_is_written(text: str) -> None:
    assert all(fact.quote in text for fact in read_facts(text))
