"""What Instagram's error codes mean and what to do (Messenger Platform docs, "Error codes"). Only the code decides."""

from pipewise.errors import AuthFailed, Outcome, RateLimited, Rejected, Unavailable
from pipewise.platforms.graph_errors import Meaning

STOPPING_CODES = frozenset({368})
DEFAULT_PAUSE_SECONDS = 60.0


def stops_account(code: int) -> bool:
    """True if automatic sending from this account must stop until a person has looked."""
    return code in STOPPING_CODES


def meaning_of(code: int, subcode: int | None = None) -> Meaning | None:
    """What a code says; None for one that the list does not hold. A subcode that is known says more."""
    found = _BY_SUBCODE.get((code, subcode)) or _MEANINGS.get(code)
    if found is None and code in range(200, 300):
        return _RIGHTS
    return found


_TOKEN = Meaning(AuthFailed, "Instagram no longer accepts the access token; connect Instagram again.", manual=True)
_RIGHTS = Meaning(
    AuthFailed,
    "Instagram does not let this app read or write messages; grant its permissions and switch on "
    "'Allow access to messages' in the Instagram app.",
    manual=True,
)
_WINDOW = Meaning(
    Rejected,
    "The person last wrote more than 24 hours ago; only a person may still answer, within 7 days.",
    manual=True,
)
_COMMENT = Meaning(
    Rejected, "This comment cannot be answered privately: it was already, or is too old or not open to it."
)
_NOBODY = Meaning(Rejected, "Instagram does not know this person.")
_TEMPORARY = Meaning(Unavailable, "Instagram had a temporary failure with this request.", outcome=Outcome.UNKNOWN)
_RATE = Meaning(
    RateLimited, "Instagram's call limit of this account or app is used up.", retry_after=DEFAULT_PAUSE_SECONDS
)

_MEANINGS = {
    190: _TOKEN,
    102: _TOKEN,
    3: _RIGHTS,
    10: _RIGHTS,
    36103: Meaning(Rejected, "Messaging is not available for this Instagram account; see its settings.", manual=True),
    100: Meaning(Rejected, "Instagram did not accept a part of the request."),
    10900: _COMMENT,
    10903: _COMMENT,
    551: Meaning(Rejected, "This person cannot be reached on Instagram now."),
    368: Meaning(
        Rejected,
        "Instagram has restricted this account; look at its status in the Instagram app before anything more is sent.",
        manual=True,
    ),
    4: _RATE,
    17: _RATE,
    32: _RATE,
    613: _RATE,
    80002: _RATE,
    80004: _RATE,
    1: _TEMPORARY,
    2: _TEMPORARY,
    1200: _TEMPORARY,
}
_BY_SUBCODE: dict[tuple[int, int | None], Meaning] = {
    (10, 2018278): _WINDOW,
    (10, 2534022): _WINDOW,
    (100, 33): Meaning(
        Rejected, "Instagram does not know this account ID, or the token may not use it; check both.", manual=True
    ),
    (100, 2018001): _NOBODY,
    (100, 2534014): _NOBODY,
    (100, 2534025): _COMMENT,
    (100, 2534039): _COMMENT,
    (100, 2534040): _COMMENT,
}
