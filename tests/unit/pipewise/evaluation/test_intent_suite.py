"""`pipewise eval --suite intent`: what it reads, measures, prints and writes, and how it exits."""

import json
import os
from pathlib import Path

import pytest

from pipewise import cli
from pipewise.cli.evaluation import SUITES
from pipewise.cli.usage import SUITES as TYPED
from pipewise.errors import InvalidInput
from pipewise.evaluation.intent import Answer, Example, put_to, read_examples, report
from tests.fakes import FixedClock

EASY = [
    ("can we book a demo for tuesday at 3?", "meeting_request"),
    ("please cancel my meeting", "meeting_change"),
    ("how much does the pro plan cost?", "lead_inquiry"),
    ("thanks, I'll think about it and get back to you", "follow_up"),
    ("let me speak to a human", "human_request"),
    ("STOP", "opt_out"),
    ("hello there", "greeting"),
    ("what's the weather like in Paris tomorrow", "out_of_scope"),
]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANGGRAPH_STRICT_MSGPACK", "LANGSMITH_TRACING"):
        monkeypatch.setenv(name, os.environ[name])


def write(path: Path, rows: list[tuple[str, str]]) -> str:
    path.write_text("".join(json.dumps({"text": text, "label": label, "lang": "en"}) + "\n" for text, label in rows))
    return str(path)


def test_easy_messages_hold_every_limit_but_perhaps_the_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Speed is this machine's business here; the limit on it is read, not asserted."""
    code = cli.main(["eval", "--data", write(tmp_path / "rows.jsonl", EASY)])
    printed = capsys.readouterr().out
    written = json.loads(Path("eval-intent.json").read_text())
    slow = [limit["name"] for limit in written["limits"] if not limit["holds"]]
    assert set(slow) <= {"ms a message, p95"}
    assert code == (1 if slow else 0)
    assert written["macro_f1"] == 1.0
    assert written["by_lang"]["en"]["examples"] == len(EASY)
    assert set(written["labels"]) == {label for _, label in EASY}
    assert "macro-F1 1.000" in printed
    assert "opt_out" in printed


def test_a_message_with_several_wishes_is_measured_like_any_other(tmp_path: Path) -> None:
    both = "please cancel my appointment. and how much is the pro plan? write to me again in two weeks"
    target = tmp_path / "out.json"
    cli.main(["eval", "--data", write(tmp_path / "rows.jsonl", [(both, "meeting_change")]), "--json", str(target)])
    assert json.loads(target.read_text())["examples"] == 1


def test_a_limit_that_does_not_hold_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [(text, EASY[place - 1][1]) for place, (text, _) in enumerate(EASY)]
    target = tmp_path / "out.json"
    assert cli.main(["eval", "--data", write(tmp_path / "rows.jsonl", wrong), "--json", str(target)]) == 1
    assert "FAILS  macro-F1" in capsys.readouterr().out
    assert json.loads(target.read_text())["holds"] is False


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json\n",
        "[]\n",
        '{"text": "a"}\n',
        '{"text": 3, "label": "greeting"}\n',
        '{"text": "a", "label": "x"}\n',
    ],
)
def test_bad_data_exits_2_and_names_the_line(content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content)
    assert cli.main(["eval", "--data", str(path)]) == 2
    assert "rows.jsonl" in capsys.readouterr().err


def test_a_file_that_is_not_there_exits_2() -> None:
    assert cli.main(["eval", "--data", "nowhere.jsonl"]) == 2
    with pytest.raises(InvalidInput):
        read_examples(Path("nowhere.jsonl"))


def test_a_model_that_is_not_understood_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", "--data", write(tmp_path / "rows.jsonl", EASY), "--model", "oracle"]) == 2
    assert "oracle" in capsys.readouterr().err


async def test_guesses_are_timed_and_a_model_has_no_limit_of_milliseconds() -> None:
    async def guess(text: str) -> tuple[str, float]:
        return ("opt_out" if text == "stop" else "greeting"), 0.9

    examples = [Example("stop", "opt_out", "en", "-"), Example("hi", "greeting", "en", "-")]
    answers = await put_to(guess, examples, clock=FixedClock().monotonic)
    assert [answer.label for answer in answers] == ["opt_out", "greeting"]
    slow = [Answer(answer.label, answer.confidence, 900.0) for answer in answers]
    assert report(examples, slow, memory_mb=1, asked="openai:some-model").holds
    assert not report(examples, slow, memory_mb=1, asked="offline").holds
    assert not report(examples, answers, memory_mb=300, asked="offline").holds


def test_every_suite_that_can_be_named_is_there() -> None:
    assert set(TYPED) == set(SUITES)
