"""What the company has written down: Markdown sections found by the words of a question, and the sentences that answer it.

Ranking is BM25 over the folded beginnings of words, which needs no model and treats every language alike.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipewise.language.concepts import concept_of
from pipewise.language.folding import words
from pipewise.language.reply_check import claims_booking
from pipewise.language.stop_words import STOP_WORDS

SHORTEST_PLURAL = 3
STEM = 6  # "integrations" and "integrate" are one word
LONGEST_QUOTE = 400
MOST_SENTENCES = 3
MOST_FOUND = 3
COVERED = 0.5  # share of the question's weight that a section must speak of
_K, _B = 1.2, 0.75
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_LINK = re.compile(r"!?\[([^\]\n]*)\]\((\S+?)\)")
_MARKS = re.compile(r"(\*\*|__|`)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?।؟\u3002\uff01\uff1f])\s+")


@dataclass(frozen=True)
class Section:
    """`source` names file and heading, as in `pricing.md#Team plan`."""

    source: str
    title: str
    text: str


@dataclass(frozen=True)
class Found:
    """A section that answers, and its own sentences that do."""

    section: Section
    quote: str
    score: float


def read_sections(name: str, markdown: str) -> Iterator[Section]:
    """The parts of a file between its headings; a heading in a code block is none."""
    title, lines, fenced = name.rsplit(".", 1)[0], list[str](), False
    for line in [*markdown.splitlines(), "# end"]:
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            lines.append(line)
            continue
        text = "\n".join(lines).strip()
        if text:
            yield Section(f"{name}#{title}", title, text)
        title, lines = _plain(heading[2]), []


def _plain(line: str) -> str:
    """Without Markdown's marks; a link keeps its words and its address."""
    return _MARKS.sub("", _LINK.sub(lambda found: f"{found[1]} ({found[2]})" if found[1] else "", line)).strip()


def sentences_of(text: str) -> list[str]:
    """Each sentence and each point of a list, as the owner wrote it."""
    blocks = list[str]()
    joins = False
    for line in text.splitlines():
        bare = _plain(_BULLET.sub("", line))
        if not bare or _FENCE.match(line) or set(bare) <= set("|-: "):
            joins = False
        elif joins and not _BULLET.match(line) and not line.lstrip().startswith("|"):
            blocks[-1] += f" {bare}"
        else:
            blocks.append(bare.strip("|").replace("|", " ").strip() if line.lstrip().startswith("|") else bare)
            joins = True
    return [part for block in blocks for part in _SENTENCE_END.split(block) if part]


def terms_of(text: str) -> list[str]:
    """What a text is about: concepts of several languages, else the beginnings of its words."""
    return [_term(word.text) for word in words(text) if word.text not in STOP_WORDS and word.text[0].isalnum()]


def _term(word: str) -> str:
    bare = word[:-1] if len(word) > SHORTEST_PLURAL and word.endswith("s") else word
    concepts = concept_of()
    return concepts.get(word) or concepts.get(bare) or bare[:STEM]


class Index:
    """The sections of one folder, ready to be asked."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = tuple(sections)
        # A title speaks for its whole section.
        self._terms = [Counter([*terms_of(section.title) * 2, *terms_of(section.text)]) for section in self._sections]
        self._lengths = [sum(terms.values()) for terms in self._terms]

    @cached_property
    def _documents(self) -> Counter[str]:
        return Counter(term for terms in self._terms for term in terms)

    def find(self, question: str) -> tuple[Found, ...]:
        """The sections that answer, best first; none if no section speaks of enough of the question."""
        asked = list(dict.fromkeys(terms_of(question)))
        weight = sum(self._weight(term) for term in asked)
        if not asked or not self._sections:
            return ()
        ranked = sorted(
            (
                (self._score(place, asked), place)
                for place, terms in enumerate(self._terms)
                if sum(self._weight(term) for term in asked if term in terms) >= COVERED * weight
            ),
            key=lambda item: (-item[0], item[1]),
        )
        found = (self._found(place, score, asked) for score, place in ranked[:MOST_FOUND])
        return tuple(one for one in found if one.quote)

    def _weight(self, term: str) -> float:
        """Rare words tell more. What no section knows weighs as much as what one knows."""
        count, known = len(self._sections), max(1, self._documents[term])
        return math.log(1 + (count - known + 0.5) / (known + 0.5))

    def _score(self, place: int, asked: Sequence[str]) -> float:
        terms, average = self._terms[place], sum(self._lengths) / len(self._lengths)
        return sum(
            self._weight(term)
            * (terms[term] * (_K + 1))
            / (terms[term] + _K * (1 - _B + _B * self._lengths[place] / average))
            for term in asked
            if term in terms
        )

    def _found(self, place: int, score: float, asked: Sequence[str]) -> Found:
        section = self._sections[place]
        return Found(section, self._quote(section, asked), round(score, 3))

    def _quote(self, section: Section, asked: Sequence[str]) -> str:
        """From the best sentence on, as far as a short answer goes. That something is booked is for the calendar to say, never
        for a document."""
        said = [sentence for sentence in sentences_of(section.text) if not claims_booking(sentence)]
        weights = [sum(self._weight(term) for term in set(terms_of(sentence)) if term in asked) for sentence in said]
        best = weights.index(max(weights)) if said else 0
        quote = ""
        for sentence in said[best : best + MOST_SENTENCES]:
            if quote and len(quote) + len(sentence) >= LONGEST_QUOTE:
                break
            quote = f"{quote} {sentence}".strip()
        return quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1].rstrip()}…"
