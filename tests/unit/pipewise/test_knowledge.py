"""Sections of Markdown, found by the words of a question in several languages; nothing is found that is not written."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.knowledge import COVERED, LONGEST_QUOTE, Index, read_sections, sentences_of
from pipewise.knowledge_folders import LARGEST_FILE, KnowledgeFolders
from pipewise.language.phrases import PHRASES
from pipewise.language.questions import is_yes_or_no, question_parts, questions_in

GUIDE = """Welcome to Acme.

# Pricing
Our plans are billed monthly.

## Team plan
The Team plan costs 20 EUR per seat and month. It includes
WhatsApp and **Instagram**.

- There is no setup fee.

```
# not a heading
```

## Enterprise plan
Enterprise starts at 900 EUR per month. It includes [SSO](https://acme.example/sso) and a named contact.

# Integrations
| system | what |
|---|---|
| HubSpot | contacts and deals |
| Salesforce | leads only |

# Security
Data is stored in Frankfurt, Germany. We are ISO 27001 certified.
"""


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(list(read_sections("guide.md", GUIDE)))


FOUND = {
    "How much is the Team plan?": ("Team plan", "20 EUR per seat"),
    "wie viel kostet der Team plan?": ("Team plan", "20 EUR per seat"),
    "Is there a setup fee?": ("Team plan", "There is no setup fee."),
    "Do you have SSO": ("Enterprise plan", "SSO (https://acme.example/sso)"),
    "do you integrate with hubspot?": ("Integrations", "HubSpot"),
    "where is my data stored?": ("Security", "Frankfurt"),
    "¿dónde se guardan los datos?": ("Security", "Frankfurt"),
    "onde os dados são armazenados?": ("Security", "Frankfurt"),
    "are you ISO certified?": ("Security", "ISO 27001"),
}


@pytest.mark.parametrize("question", list(FOUND))
def test_a_question_finds_its_section_and_sentence(index: Index, question: str) -> None:
    title, said = FOUND[question]
    best = index.find(question)[0]
    assert best.section.source == f"guide.md#{title}"
    assert said in best.quote
    assert len(best.quote) <= LONGEST_QUOTE


@pytest.mark.parametrize(
    "question", ["Do you support Telegram?", "Who is your CEO?", "can I use it on the moon", "?", ""]
)
def test_what_is_not_written_is_not_found(index: Index, question: str) -> None:
    assert index.find(question) == ()


def test_an_empty_folder_knows_nothing() -> None:
    assert Index([]).find("How much is it?") == ()


def test_sections_keep_their_text_and_code_makes_no_heading(index: Index) -> None:
    del index
    sections = list(read_sections("guide.md", GUIDE))
    assert [section.title for section in sections] == [
        "guide",
        "Pricing",
        "Team plan",
        "Enterprise plan",
        "Integrations",
        "Security",
    ]
    assert "# not a heading" in sections[2].text
    assert sentences_of(sections[2].text)[:3] == [
        "The Team plan costs 20 EUR per seat and month.",
        "It includes WhatsApp and Instagram.",
        "There is no setup fee.",
    ]


@given(st.text(max_size=400), st.text(max_size=100))
def test_any_text_can_be_read_and_asked(markdown: str, question: str) -> None:
    for found in Index(list(read_sections("a.md", markdown))).find(question):
        assert found.quote
        assert found.score > 0
    assert 0 < COVERED <= 1


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("We are 40 people. How much is it?", "How much is it"),
        ("how much does it cost", "how much does it cost"),
        ("cuanto cuesta", "cuanto cuesta"),
        ("We need a bot, it is urgent", ""),
        ("what we want is more leads. ok", "what we want is more leads"),
        ("40", ""),
        ("كم السعر", "كم السعر"),
    ],
)
def test_what_a_message_asks(text: str, asked: str) -> None:
    assert questions_in(text) == asked


async def test_a_folder_is_read_when_asked_and_again_when_it_changes(tmp_path: Path) -> None:
    folders = KnowledgeFolders(tmp_path)
    assert await folders.find("acme", "How much is it?") == ()
    folder = tmp_path / "knowledge" / "acme"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text("# Price\nIt costs 10 EUR.")
    (folder / "b.txt").write_text("# Price\nIt costs 1 EUR.")
    (folder / "large.md").write_text("# Price\n" + "x" * LARGEST_FILE)
    (tmp_path / "secret.md").write_text("# Price\nIt costs 99 EUR.")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    assert [found.quote for found in await folders.find("acme", "How much is it?")] == ["It costs 10 EUR."]
    (folder / "a.md").write_text("# Price\nIt costs 12 EUR now.")
    assert [found.quote for found in await folders.find("acme", "How much is it?")] == ["It costs 12 EUR now."]


def test_that_something_is_booked_is_never_quoted() -> None:
    guide = "# Meetings\nYour meeting is booked for tomorrow at 03:17.\n\n# Price\nThe price is 20 EUR. You're booked at 03:17."
    index = Index(list(read_sections("guide.md", guide)))
    assert index.find("Is my meeting booked?") == ()
    assert [found.quote for found in index.find("What is the price?")] == ["The price is 20 EUR."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how much is it and does it work with hubspot", 2),
        ("Was kostet es und gibt es eine Testversion?", 2),
        ("كم السعر وهل يعمل مع هب سبوت", 2),
        ("Sorry, how much was the Team plan?", 1),
        ("How much do the basic and the team plan cost?", 1),
    ],
)
def test_each_thing_that_is_asked_for_is_a_part(text: str, parts: int) -> None:
    assert len(question_parts(text)) == parts


@pytest.mark.parametrize(
    ("question", "closed"),
    [
        ("Do you already use a CRM?", True),
        ("¿Ya usan un CRM?", True),
        ("Est-ce que vous utilisez un CRM ?", True),
        ("क्या आप CRM इस्तेमाल करते हैं?", True),
        ("هل تستخدمون نظاما؟", True),
        ("आप क्या हल करना चाहते हैं?", False),
        ("Tell me about your team", False),
    ],
)
def test_what_a_bare_yes_answers(question: str, closed: bool) -> None:
    assert is_yes_or_no(question) is closed


def test_no_question_of_ours_for_words_is_answered_by_a_bare_yes() -> None:
    asked = ("ask_need", "ask_company", "ask_company_size", "ask_timeline", "ask_authority")
    assert not [(language, key) for language in PHRASES for key in asked if is_yes_or_no(PHRASES[language][key])]
