"""What crosses the border between core and graph keeps its shape through JSON."""

from pipewise.events import Choice, Link, OutboundMessage, Template
from pipewise.turns import TurnResult


def test_a_message_survives_its_way_through_the_outbox() -> None:
    full = OutboundMessage(
        "Pick one",
        choices=(Choice("slot_1", "Mon 9:00", "Lisbon"), Choice("slot_2", "Mon 10:00")),
        choices_label="Times",
        link=Link("Book", "https://calendly.com/x"),
        template=Template("hello", "pt_PT", ("Ana",)),
        reply_to="wamid.1",
    )
    for message in (full, OutboundMessage("hi")):
        assert OutboundMessage.from_dict(message.as_dict()) == message


def test_a_turn_that_proposes_nothing_changes_nothing() -> None:
    result = TurnResult(None, {})
    assert (result.status, result.opt_out, result.pause_agent, result.even_if_paused) == (None, None, False, False)
    assert (dict(result.lead_values), result.tasks, result.usage, dict(result.counters)) == ({}, (), (), {})
