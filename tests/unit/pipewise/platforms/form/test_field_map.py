"""A form that names its fields otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipewise.platforms.form.field_map import FormSettings, arrange_fields
from pipewise.platforms.form.webhook import FormWebhook
from tests.fakes import NOON

MAPPED = {"fields": {"email": "your-email", "message": "answers.wish", "phone": "tel", "consent": "gdpr"}}
SENT = {
    "your-email": "Noor@Example.com",
    "answers": {"wish": "A demo"},
    "tel": 447700900123,
    "gdpr": "on",
    "topic": "x",
}
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


def test_mapped_fields_make_the_lead_and_the_rest_is_kept() -> None:
    (event,) = FormWebhook().parse(arrange_fields(SENT, MAPPED), NOON, {"webhook-id": "m1"}).events
    assert event.sender is not None
    assert event.sender.email == "noor@example.com"
    assert (event.content["message"], event.content["consent"]) == ("A demo", True)
    assert event.content["fields"]["topic"] == "x"
    assert "your-email" not in event.content["fields"]


def test_what_is_mapped_wins_over_a_field_of_our_own_name() -> None:
    arranged = arrange_fields({"email": "no-reply@shop.example", "your-email": "noor@example.com"}, MAPPED)
    assert arranged["email"] == "noor@example.com"
    assert "email" not in arrange_fields({"email": "no-reply@shop.example"}, MAPPED)


def test_without_a_map_nothing_changes() -> None:
    assert arrange_fields(SENT, {}) is SENT
    assert arrange_fields(SENT, {"fields": {}}) is SENT


@given(document=values)
def test_any_document_is_arranged(document: object) -> None:
    arrange_fields(document, MAPPED)


@pytest.mark.parametrize("fields", [{"shoe_size": "x"}, {"email": ""}, {"email": 7}, {"email": "x" * 201}, ["email"]])
def test_a_map_that_makes_no_sense_is_refused(fields: object) -> None:
    with pytest.raises(ValidationError):
        FormSettings.model_validate({"fields": fields})
