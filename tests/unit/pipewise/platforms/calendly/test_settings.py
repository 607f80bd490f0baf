"""The forms of a Calendly connection."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from pipewise.platforms.calendly import PLATFORM
from pipewise.platforms.calendly.settings import CalendlyCredentials, CalendlySettings


def test_a_pasted_token_loses_its_white_space_and_stays_hidden() -> None:
    credentials = CalendlyCredentials.model_validate(
        {"access_token": "  canary-token\n", "refresh_token": "", "webhook_signing_key": " canary-key "}
    )
    assert credentials.access_token.get_secret_value() == "canary-token"
    assert credentials.refresh_token is None
    assert credentials.webhook_signing_key is not None
    assert credentials.webhook_signing_key.get_secret_value() == "canary-key"
    assert "canary" not in f"{credentials!r} {credentials} {credentials.model_dump_json()}"


@pytest.mark.parametrize("values", [{}, {"access_token": ""}, {"access_token": " "}, {"access_token": "canary b"},
    {"access_token": "canary\r\nX: 1"}, {"access_token": "canaryé"}, {"access_token": "canary", "api_key": "canary"}])  # fmt: skip
def test_what_cannot_be_a_token_is_refused_without_repeating_it(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        CalendlyCredentials.model_validate(values)
    assert "canary" not in str(caught.value)


def test_settings_have_defaults() -> None:
    assert CalendlySettings().model_dump() == {
        "event_type": None,
        "mode": "slots",
        "fallback_booking_url": None,
        "timezone": None,
    }


@pytest.mark.parametrize("values", [
    {"event_type": "https://api.calendly.com/event_types/abc-1"},
    {"mode": "link", "fallback_booking_url": "https://calendly.com/torvald-ness?month=2026-03"},
    {"timezone": "America/Argentina/Buenos_Aires"}, {"timezone": "UTC"},
])  # fmt: skip
def test_good_settings_stay_as_they_are(values: dict[str, Any]) -> None:
    assert CalendlySettings.model_validate(values).model_dump(exclude_unset=True) == values


@pytest.mark.parametrize("values", [
    {"event_type": "abc-1"}, {"event_type": "https://calendly.com/torvald-ness/intro"}, {"mode": "auto"},
    {"fallback_booking_url": "calendly.com/x"}, {"fallback_booking_url": "javascript:alert(1)"},
    {"fallback_booking_url": "https://user:pw@calendly.com/x"}, {"fallback_booking_url": "https://x.example/" + "a" * 2000},
    {"timezone": "Oslo"}, {"timezone": "../etc/passwd"}, {"timezone": "UTC+2"}, {"timezone": ""}, {"colour": "blue"},
])  # fmt: skip
def test_bad_settings_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CalendlySettings.model_validate(values)


def test_both_forms_are_described_for_people() -> None:
    for form in (PLATFORM.credentials, PLATFORM.settings):
        schema = form.model_json_schema()
        assert schema["additionalProperties"] is False
        for field in schema["properties"].values():
            assert field["title"]
            assert field["description"]
    assert json.dumps(PLATFORM.credentials.model_json_schema()).count('"format": "password"') == 3


def test_the_platform_schedules_and_does_not_send() -> None:
    assert (PLATFORM.name, PLATFORM.receives, PLATFORM.sends, PLATFORM.schedules) == (
        "calendly",
        ("bookings",),
        False,
        True,
    )
