"""Why a queued message may not leave now, and how long a failed one waits."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipewise.leads import Lead, Status
from pipewise.outbox import LONGEST_BACKOFF, backoff, refuse_reason, window_open
from pipewise.storage.outbox import OutboxRow
from tests.fakes import NOON
from tests.fakes_vendors import LIMITS

LEAD = Lead("lead", "account", Status.CONTACTED, NOON, NOON, last_inbound_at=NOON)
ROW = OutboxRow(
    seq=1,
    message_id="m",
    account_id="account",
    lead_id="lead",
    integration_id="i",
    platform="whatsapp",
    recipient="1",
    payload={"text": "hi", "template": None},
    state="pending",
    proactive=False,
    author="agent",
    attempts=0,
    error=None,
    not_before=None,
    expires_at=None,
    claimed_at=None,
    created_at=NOON,
)
TEMPLATE = {"text": "hi", "template": {"name": "hello", "language": "en", "parameters": []}}


@pytest.mark.parametrize("author", ["agent", "human", "system"])
@pytest.mark.parametrize("proactive", [False, True])
@pytest.mark.parametrize("opted_out", [False, True])
@pytest.mark.parametrize("taken_over", [False, True])
@pytest.mark.parametrize("paused", [False, True])
def test_who_may_write(author: str, proactive: bool, opted_out: bool, taken_over: bool, paused: bool) -> None:
    lead = replace(LEAD, opted_out=opted_out, agent="paused" if taken_over else "active")
    reason = refuse_reason(replace(ROW, author=author, proactive=proactive), lead, LIMITS, paused=paused, now=NOON)
    if opted_out and (proactive or author == "human"):
        assert reason == "canceled: the lead opted out"
    elif author == "agent" and taken_over:
        assert reason == "canceled: a person has the conversation"
    elif author == "agent" and paused:
        assert reason == "wait: sending is paused for this account"
    else:
        assert reason is None


@pytest.mark.parametrize(
    ("age", "payload", "refused"),
    [
        (timedelta(0), ROW.payload, False),
        (timedelta(hours=23, minutes=54, seconds=59), ROW.payload, False),
        (timedelta(hours=23, minutes=55), ROW.payload, True),
        (timedelta(days=400), ROW.payload, True),
        (timedelta(days=400), TEMPLATE, False),
    ],
)
def test_free_text_needs_an_open_window(age: timedelta, payload: dict[str, Any], refused: bool) -> None:
    reason = refuse_reason(replace(ROW, payload=payload), LEAD, LIMITS, paused=False, now=NOON + age)
    assert reason == ("failed: the reply window is closed" if refused else None)


def test_a_lead_that_never_wrote_has_no_window() -> None:
    silent = replace(LEAD, last_inbound_at=None)
    assert not window_open(silent, LIMITS, NOON)
    assert window_open(silent, replace(LIMITS, window=None), NOON)


def test_too_late_is_too_late_to_the_second() -> None:
    row = replace(ROW, expires_at=NOON)
    assert refuse_reason(row, LEAD, LIMITS, paused=False, now=NOON) == "expired: it is too late for this message"
    assert refuse_reason(row, LEAD, LIMITS, paused=False, now=NOON - timedelta(seconds=1)) is None


def test_waits_grow_to_a_limit() -> None:
    assert [backoff(attempts).total_seconds() for attempts in range(1, 6)] == [2, 4, 8, 16, 32]
    assert backoff(30) == LONGEST_BACKOFF
