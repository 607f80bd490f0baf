"""Every code of WhatsApp's list leads to the right kind of error, and to a sentence."""

from typing import Any

import pytest

from pipewise.errors import AuthFailed, Outcome, PlatformError, RateLimited, Rejected, Unavailable
from pipewise.platforms.whatsapp.codes import meaning_of, opts_out, stops_account, wants_template
from pipewise.platforms.whatsapp.errors import explain_code, read_error

BY_ACTION: dict[tuple[type[PlatformError], Outcome, bool], list[int]] = {
    (Unavailable, Outcome.UNKNOWN, False): [1, 2, 131000, 131016],
    (Unavailable, Outcome.REFUSED, False): [131057, 133004],
    (RateLimited, Outcome.REFUSED, False): [4, 80007, 130429, 131056],
    (AuthFailed, Outcome.REFUSED, True): [0, 190, 3, 10, 200, 299, 131005],
    (Rejected, Outcome.REFUSED, True): [
        *(33, 368, 131030, 131031, 131037, 131042, 131045, 131047, 131048, 131064),
        *(132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069),
        *(133000, 133005, 133010, 133016, 147001, 147004),
    ],
    (Rejected, Outcome.REFUSED, False): [
        *(100, 131008, 131009, 131021, 131026, 131049, 131050, 131051, 131052, 131053, 131062, 131063),
        *(130472, 130497, 135000, 137000),
    ],
}
CASES = [(code, *action) for action, codes in BY_ACTION.items() for code in codes]


def read(code: Any, status: int = 400, headers: dict[str, str] | None = None, **more: Any) -> PlatformError:
    document = {"error": {"message": "planted vendor words", "code": code, **more}}
    return read_error(status, document, headers or {})


@pytest.mark.parametrize(("code", "kind", "outcome", "manual"), CASES)
def test_a_listed_code(code: int, kind: type[PlatformError], outcome: Outcome, manual: bool) -> None:
    error = read(code)
    assert type(error) is kind
    assert (error.outcome, error.manual_action_required) == (outcome, manual)
    assert (error.vendor_code, error.http_status, error.platform) == (str(code), 400, "whatsapp")
    assert error.message == explain_code(code)
    assert "planted" not in error.message
    assert error.message.endswith(".")


def test_the_code_decides_and_not_the_status() -> None:
    assert isinstance(read(131056, status=400), RateLimited)
    assert isinstance(read(131026, status=500), Rejected)
    assert isinstance(read(190, status=400), AuthFailed)


def test_code_100_with_subcode_33_is_a_wrong_number_id() -> None:
    assert read(100, error_subcode=33).manual_action_required
    assert not read(100, error_subcode=2388019).manual_action_required


@pytest.mark.parametrize(
    ("code", "seconds"), [(4, 300), (80007, 300), (131057, 60), (133004, 60), (131056, None), (130429, None)]
)
def test_waits_are_told_where_the_vendor_tells_them(code: int, seconds: float | None) -> None:
    assert read(code).retry_after == seconds


def test_the_answer_s_own_wait_comes_first() -> None:
    usage = '{"322": [{"type": "messages", "call_count": 100, "estimated_time_to_regain_access": 7}]}'
    assert read(80007, headers={"x-business-use-case-usage": usage}).retry_after == 420
    assert read(80007, headers={"retry-after": "30", "x-business-use-case-usage": usage}).retry_after == 30
    assert read(80007, headers={"retry-after": "9" * 9}).retry_after == 24 * 3600


@pytest.mark.parametrize("value", ["", "soon", "-3", "1.5", "٣", "9" * 30])
def test_an_odd_wait_is_not_believed(value: str) -> None:
    assert read(130429, headers={"retry-after": value}).retry_after is None


@pytest.mark.parametrize("value", ["", "{", "[]", "7", '{"a": 7}', '{"a": [7]}', '{"a": [{}]}', "[" * 100_000])
def test_an_odd_usage_header_is_not_believed(value: str) -> None:
    assert read_error(400, {"error": {"code": 130429}}, {"x-business-use-case-usage": value}).retry_after is None


def test_a_transient_failure_of_any_code_leaves_the_outcome_open() -> None:
    for code in (100, 987654):
        error = read(code, is_transient=True)
        assert isinstance(error, Unavailable)
        assert error.outcome is Outcome.UNKNOWN
    assert isinstance(read(131056, is_transient=True), RateLimited)


def test_a_code_of_the_future() -> None:
    assert isinstance(read(987654, status=400), Rejected)
    error = read(987654, status=503)
    assert isinstance(error, Unavailable)
    assert error.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "document", [None, [], "html", {}, {"error": "x"}, {"error": {"code": "190"}}, {"error": {"code": True}}]
)
@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        (302, Unavailable, Outcome.UNKNOWN),
        (400, Rejected, Outcome.REFUSED),
        (401, AuthFailed, Outcome.REFUSED),
        (403, AuthFailed, Outcome.REFUSED),
        (404, Rejected, Outcome.REFUSED),
        (408, Unavailable, Outcome.UNKNOWN),
        (429, RateLimited, Outcome.REFUSED),
        (500, Unavailable, Outcome.UNKNOWN),
        (502, Unavailable, Outcome.UNKNOWN),
    ],
)
def test_without_a_code_the_status_decides(
    document: object, status: int, kind: type[PlatformError], outcome: Outcome
) -> None:
    error = read_error(status, document, {})
    assert type(error) is kind
    assert error.outcome is outcome
    assert error.vendor_code is None


def test_what_the_engine_asks_of_a_code() -> None:
    listed = [code for code, *_ in CASES]
    assert {code for code in listed if stops_account(code)} == {368, 131031, 131048, 131064}
    assert [code for code in listed if wants_template(code)] == [131047]
    assert [code for code in listed if opts_out(code)] == [131050]
    assert meaning_of(987654) is None
