"""`python -m evals.write_intents`: writes the training messages from the grammars. The same grammars give the same bytes."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from evals.grammar import Grammar, read_grammar
from evals.near_duplicates import Kept
from evals.slips import as_typed

DATA = Path(__file__).parent / "data"
WRITTEN = DATA / "intent_train.jsonl"
ROOT = DATA.parents[1]
MEASURED = (
    ROOT / "pipewise" / "evaluation" / "data" / "intent_heldout.jsonl",
    ROOT / "tests" / "data" / "intent_handwritten.jsonl",
)
SEED = 20_260
# How many messages of a language, shared out by label below.
COUNTS = {
    "en": 3600,
    "en_more": 3600,
    "es": 900,
    "pt": 850,
    "fr": 900,
    "de": 850,
    "it": 600,
    "hi": 600,
    "hi_latn": 600,
    "ar": 600,
    "en_lines": 1200,
    "es_lines": 300,
    "pt_lines": 300,
    "fr_lines": 300,
    "de_lines": 300,
    "it_lines": 200,
    "hi_lines": 200,
    "ar_lines": 200,
    "en_hard": 1800,
    "es_hard": 250,
    "pt_hard": 250,
    "fr_hard": 250,
    "de_hard": 250,
    "en_meet": 3000,
    "es_meet": 500,
    "pt_meet": 500,
    "fr_meet": 500,
    "de_meet": 500,
}
SHARES = {
    "meeting_request": 0.16,
    "meeting_change": 0.13,
    "lead_inquiry": 0.20,
    "follow_up": 0.15,
    "human_request": 0.08,
    "opt_out": 0.05,
    "greeting": 0.08,
    "out_of_scope": 0.15,
}
_SENTENCE = 4
_TRIES = 40  # draws for one more message of a template before it counts as used up


def write_messages() -> list[dict[str, str]]:
    """None of them near to a sentence that is measured with."""
    kept = Kept()
    for text in measured_sentences():
        kept.keep(text)
    return [row for language, count in COUNTS.items() for row in _of_language(language, count, kept)]


def measured_sentences() -> list[str]:
    """Of the files that the classifier is measured with; everyday words such as "hello" and "yes" cannot be kept apart."""
    rows = [json.loads(line) for path in MEASURED for line in path.read_text(encoding="utf-8").splitlines()]
    return [row["text"] for row in rows if len(row["text"].split()) >= _SENTENCE]


def _of_language(language: str, count: int, kept: Kept) -> Iterator[dict[str, str]]:
    grammar = read_grammar(DATA / "grammar" / f"{language}.txt")
    for label, share in SHARES.items():
        draw = random.Random(f"{SEED} {language} {label}")  # noqa: S311  data, no secret
        for text in _of_label(grammar, language, label, round(count * share), draw, kept):
            yield {"text": text, "label": label, "lang": language.partition("_")[0], "source": f"grammar:{language}"}


def _of_label(
    grammar: Grammar, language: str, label: str, count: int, draw: random.Random, kept: Kept
) -> Iterator[str]:
    """Rounds over the templates, each giving a message that is new, until there are enough or none gives more."""
    open_ones, written = list(grammar.templates.get(label, ())), 0
    hello = tuple(grammar.slots["hi"])
    while open_ones and written < count:
        for template in list(open_ones):
            text = _new_message(grammar, language, label, template, draw, kept, hello)
            if text is None:
                open_ones.remove(template)
            elif written < count:
                written += 1
                yield text


def _new_message(
    grammar: Grammar, language: str, label: str, template: str, draw: random.Random, kept: Kept, hello: tuple[str, ...]
) -> str | None:
    for _ in range(_TRIES):
        text = as_typed(grammar.say(template, draw), language, hello, draw, label)
        if text and kept.add(text):
            return text
    return None


def render(rows: list[dict[str, str]]) -> str:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


if __name__ == "__main__":
    WRITTEN.write_text(render(write_messages()), encoding="utf-8")
