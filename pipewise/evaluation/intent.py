"""The suite `intent`: labelled lead messages, put to the classifier as a turn would."""

import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipewise.errors import InvalidInput
from pipewise.evaluation.report import Limit, SuiteReport, columns
from pipewise.evaluation.scores import LabelScore, accuracy, calibration_error, macro_f1, percentile, score_label
from pipewise.language.intent_guesses import INTENTS

MACRO_F1, MEETINGS_F1, OPT_OUT = 0.80, 0.90, 0.97
MOST_MS, MOST_MB = 10.0, 100.0
SURE = 0.7
_MEETING = "meeting"


@dataclass(frozen=True)
class Example:
    text: str
    label: str
    lang: str
    source: str


@dataclass(frozen=True)
class Answer:
    label: str
    confidence: float
    ms: float


Guess = Callable[[str], Awaitable[tuple[str, float]]]
"""The first intent of a message and how sure it is."""


def read_examples(path: Path) -> list[Example]:
    """JSON lines of {text, label, lang?, source?}. Raises InvalidInput that names the line."""
    if not path.is_file():
        raise InvalidInput(
            f"There is no file {path}; --data names one with a JSON object {{text, label}} on each line."
        )
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    found = [_example(path.name, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not found:
        raise InvalidInput(f"{path} holds no examples.")
    return found


def _example(name: str, number: int, line: str) -> Example:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("label") not in INTENTS:
        raise InvalidInput(f"{name}, line {number}: not an object with a text and a label of {', '.join(INTENTS)}.")
    return Example(row["text"], row["label"], str(row.get("lang") or "-"), str(row.get("source") or "-"))


async def put_to(guess: Guess, examples: Sequence[Example], *, clock: Callable[[], float]) -> list[Answer]:
    """`clock` in seconds: of this thread's work where nobody else is asked, else of the wall."""
    answers = []
    for example in examples:
        started = clock()
        label, confidence = await guess(example.text)
        answers.append(Answer(label, confidence, (clock() - started) * 1000))
    return answers


def report(examples: Sequence[Example], answers: Sequence[Answer], *, memory_mb: float, asked: str) -> SuiteReport:
    """`memory_mb` is what loading the classifier took, `asked` who answered."""
    wanted, guessed = [one.label for one in examples], [one.label for one in answers]
    labels = [score_label(label, wanted, guessed) for label in INTENTS if label in wanted]
    meetings = score_label(_MEETING, _coarse(wanted), _coarse(guessed))
    sure = [(one.confidence, one.label == want) for one, want in zip(answers, wanted, strict=True)]
    kept = [right for confidence, right in sure if confidence >= SURE]
    figures: dict[str, Any] = {
        "asked": asked,
        "examples": len(examples),
        "macro_f1": macro_f1(wanted, guessed),
        "accuracy": accuracy(wanted, guessed),
        "meetings_f1": meetings.f1,
        "ece": calibration_error(sure),
        "sure_share": len(kept) / len(sure),
        "sure_accuracy": sum(kept) / len(kept) if kept else 0.0,
        "ms_p50": percentile([one.ms for one in answers], 0.5),
        "ms_p95": percentile([one.ms for one in answers], 0.95),
        "memory_mb": memory_mb,
    }
    parts = {key: _by(key, examples, guessed) for key in ("lang", "source")}
    lines = [*_headline(figures), "", *_labels([*labels, meetings]), *_parts(parts)]
    figures["labels"] = {one.label: _score(one) for one in labels}
    figures |= {f"by_{key}": found for key, found in parts.items()}
    return SuiteReport("intent", tuple(lines), figures, _limits(figures, meetings, labels, offline=asked == "offline"))


def _coarse(labels: Sequence[str]) -> list[str]:
    return [_MEETING if label.startswith(_MEETING) else label for label in labels]


def _limits(
    figures: dict[str, Any], meetings: LabelScore, labels: Sequence[LabelScore], *, offline: bool
) -> tuple[Limit, ...]:
    limits = [Limit("macro-F1", figures["macro_f1"], MACRO_F1)]
    if meetings.count:
        limits.append(Limit("meetings F1", meetings.f1, MEETINGS_F1))
    for one in labels:
        if one.label == "opt_out":
            limits += [Limit("opt-out recall", one.recall, OPT_OUT), Limit("opt-out precision", one.precision, OPT_OUT)]
    if offline:  # a model over the network is as slow as it is
        limits.append(Limit("ms a message, p95", figures["ms_p95"], MOST_MS, most=True))
    return (*limits, Limit("MB of memory", figures["memory_mb"], MOST_MB, most=True))


def _by(key: str, examples: Sequence[Example], guessed: Sequence[str]) -> dict[str, dict[str, float]]:
    found: dict[str, tuple[list[str], list[str]]] = {}
    for example, guess in zip(examples, guessed, strict=True):
        wanted, named = found.setdefault(getattr(example, key), ([], []))
        wanted.append(example.label)
        named.append(guess)
    return {
        name: {"examples": len(wanted), "accuracy": accuracy(wanted, named), "macro_f1": macro_f1(wanted, named)}
        for name, (wanted, named) in sorted(found.items())
    }


def _score(one: LabelScore) -> dict[str, float]:
    return {"examples": one.count, "precision": one.precision, "recall": one.recall, "f1": one.f1}


def _headline(figures: dict[str, Any]) -> list[str]:
    return [
        f"intent, {figures['asked']}, {figures['examples']} messages",
        f"macro-F1 {figures['macro_f1']:.3f}, accuracy {figures['accuracy']:.3f}, calibration error {figures['ece']:.3f}",
        f"sure (>= {SURE}) of {figures['sure_share']:.0%} of them, and right in {figures['sure_accuracy']:.0%} of those",
        f"{figures['ms_p50']:.2f} ms a message (p95 {figures['ms_p95']:.2f}), {figures['memory_mb']:.1f} MB for the classifier",
    ]


def _labels(scores: Sequence[LabelScore]) -> list[str]:
    rows = [("label", "examples", "precision", "recall", "F1")]
    rows += [(s.label, str(s.count), f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}") for s in scores if s.count]
    return columns(rows)


def _parts(parts: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    lines: list[str] = []
    for key, found in parts.items():
        rows = [(key, "examples", "accuracy", "macro-F1")]
        rows += [(n, str(f["examples"]), f"{f['accuracy']:.3f}", f"{f['macro_f1']:.3f}") for n, f in found.items()]
        lines += ["", *columns(rows)]
    return lines


def resident_mb() -> float:
    """What this process holds in memory; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0.0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1_000_000
