"""What an account can tune: its forms, its defaults, and a stored document that this release cannot read."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipewise.account_settings import AccountSettings
from pipewise.errors import InvalidInput
from pipewise.hours import QuietHours, read_duration
from pipewise.settings_document import DEEPEST, change_document, defaults, merge, read_settings
from pipewise.wording import word_for


def test_the_defaults_are_a_document_that_reads_as_itself() -> None:
    assert read_settings({}) == AccountSettings() == read_settings(defaults())
    assert change_document({}, defaults())[1] == AccountSettings()


def test_nothing_of_it_can_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        AccountSettings().company = "Acme"


@pytest.mark.parametrize(
    ("start", "end", "quiet", "loud"),
    [
        ("21:00", "08:00", ["21:00", "23:59", "00:00", "07:59"], ["08:00", "20:59"]),
        ("12:00", "14:00", ["12:00"], ["14:00"]),
    ],
)
def test_quiet_hours_may_cross_midnight(start: str, end: str, quiet: list[str], loud: list[str]) -> None:
    hours = QuietHours.model_validate({"from": start, "to": end})
    assert all(hours.holds_at(time.fromisoformat(at)) for at in quiet)
    assert not any(hours.holds_at(time.fromisoformat(at)) for at in loud)
    off = QuietHours.model_validate({"from": start, "to": end, "enabled": False})
    assert not any(off.holds_at(time.fromisoformat(at)) for at in quiet)


def test_lengths_of_time_are_read() -> None:
    assert [read_duration(text) for text in ("30m", "4h", "1d", "2w")] == [
        timedelta(minutes=30),
        timedelta(hours=4),
        timedelta(days=1),
        timedelta(weeks=2),
    ]
    follow_up = AccountSettings().follow_up
    assert follow_up.after_silence == (timedelta(hours=4), timedelta(days=1), timedelta(days=3))
    assert follow_up.before_meeting == (timedelta(hours=24), timedelta(hours=1))


def test_words_are_found_for_a_language() -> None:
    texts = {"en": "Hello", "pt": "Olá", "pt-BR": "Oi"}
    assert [word_for(texts, language) for language in ("pt-BR", "pt-PT", "pt_BR", "de")] == ["Oi", "Olá", "Oi", "Hello"]
    assert word_for("Hi", "fr") == word_for({"es": "Hi"}, "fr") == "Hi"


def test_what_cannot_be_read_holds_by_default_and_the_rest_stands(caplog: pytest.LogCaptureFixture) -> None:
    stored = {"company": "Acme", "quiet_hours": {"from": 7}, "later_release": True}
    settings = read_settings(stored)
    assert (settings.company, settings.quiet_hours) == ("Acme", QuietHours())
    assert {record.setting for record in caplog.records} == {"quiet_hours", "later_release"}  # type: ignore[attr-defined]
    assert change_document(stored, {"company": "Bolt"})[0] == {"company": "Bolt"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(sorted(AccountSettings.model_fields)) | st.text(max_size=8), json_values, max_size=4
    )
)
def test_any_body_is_taken_or_refused_in_one_way(change: dict[str, object]) -> None:
    refused: list[InvalidInput] = []
    try:
        document, settings = change_document({}, change)
    except InvalidInput as error:
        refused.append(error)
    else:
        assert read_settings(document) == settings
        assert None not in document.values()
    assert all(one["field"] and one["problem"] for error in refused for one in error.details)
    assert all(error.details for error in refused)


def test_a_body_without_end_is_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(100_000):
        deep = {"m": deep}
    with pytest.raises(InvalidInput) as refused:
        change_document({}, {"price_table": deep})
    assert refused.value.details[0]["problem"] == "is nested too deeply"
    assert DEEPEST > 4


@given(json_values, json_values)
def test_merging_a_document_with_itself_changes_nothing(one: object, other: object) -> None:
    document = merge({}, {"a": one, "b": {"c": other}})
    assert merge(document, document) == document
