"""What WhatsApp's error codes mean and what to do (Cloud API docs, "Error codes"). Only the code decides, never the text."""

from pipewise.errors import AuthFailed, Outcome, RateLimited, Rejected, Unavailable
from pipewise.platforms.graph_errors import Meaning

STOPPING_CODES = frozenset({368, 131031, 131048, 131064})
WINDOW_CLOSED = 131047
OPTED_OUT = 131050


def stops_account(code: int) -> bool:
    """True if automatic sending from this account must stop until a person has looked."""
    return code in STOPPING_CODES


def wants_template(code: int) -> bool:
    """True if only an approved template may reach this person now."""
    return code == WINDOW_CLOSED


def opts_out(code: int) -> bool:
    """True if the person told WhatsApp to stop this business's marketing messages."""
    return code == OPTED_OUT


def meaning_of(code: int, subcode: int | None = None) -> Meaning | None:
    """What a code says; None for one that WhatsApp's list does not hold."""
    if code == 100 and subcode == 33:
        return _MEANINGS[33]
    if code in _MEANINGS:
        return _MEANINGS[code]
    return next((meaning for codes, meaning in _RANGES if code in codes), None)


def _temporary(sentence: str) -> Meaning:
    return Meaning(Unavailable, sentence, outcome=Outcome.UNKNOWN)


def _setup(sentence: str) -> Meaning:
    return Meaning(Rejected, sentence, manual=True)


_TOKEN = Meaning(AuthFailed, "WhatsApp no longer accepts the access token; connect WhatsApp again.", manual=True)
_RIGHTS = Meaning(
    AuthFailed,
    "The access token lacks a permission; give its system user the number and both whatsapp_business permissions.",
    manual=True,
)
_TEMPORARY = _temporary("WhatsApp had a temporary failure with this message.")
_RATE = Meaning(RateLimited, "WhatsApp's hourly call limit of this app or account is used up.", retry_after=300.0)
_DOWN = Meaning(Unavailable, "WhatsApp is in maintenance for this number.", retry_after=60.0)
_PARAMETER = Meaning(Rejected, "WhatsApp did not accept a part of the message.")
_STOPPED = Meaning(
    Rejected,
    "WhatsApp has restricted this account; look at it in WhatsApp Manager before anything more is sent.",
    manual=True,
)
_TEMPLATE = _setup(
    "The template cannot be used as it is; check its name, language and placeholders in WhatsApp Manager."
)
_REGISTRATION = _setup(
    "The number is not properly registered for the Cloud API; register it again in WhatsApp Manager."
)
_NOT_RETRIED = Meaning(Rejected, "WhatsApp will not deliver this message.")

_MEANINGS = {
    0: _TOKEN,
    190: _TOKEN,
    3: _RIGHTS,
    10: _RIGHTS,
    131005: _RIGHTS,
    1: _TEMPORARY,
    2: _TEMPORARY,
    131000: _TEMPORARY,
    131016: _TEMPORARY,
    4: _RATE,
    80007: _RATE,
    130429: Meaning(RateLimited, "This number sends faster than its throughput allows."),
    131056: Meaning(RateLimited, "Too many messages to the same person in a short time."),
    131057: _DOWN,
    133004: _DOWN,
    33: _setup("WhatsApp does not know this phone number ID, or the token may not use it; check both."),
    100: _PARAMETER,
    131008: _PARAMETER,
    131009: _PARAMETER,
    131021: Meaning(Rejected, "The recipient is this business number itself."),
    131026: Meaning(Rejected, "WhatsApp cannot deliver to this person; try another channel."),
    131030: _setup("The sender is a test number; add the recipient to its allow-list in the app's dashboard."),
    131031: _STOPPED,
    368: _STOPPED,
    131048: _STOPPED,
    131064: _STOPPED,
    131037: _setup("The number's display name is not approved yet; see WhatsApp Manager."),
    131042: _setup("There is a problem with the account's payment method; see billing in WhatsApp Manager."),
    131045: _REGISTRATION,
    WINDOW_CLOSED: _setup("The person last wrote more than 24 hours ago; only an approved template may be sent now."),
    131049: Meaning(Rejected, "WhatsApp held this message back for now; do not repeat it within a day."),
    OPTED_OUT: Meaning(Rejected, "This person has stopped marketing messages from this business."),
    131051: _NOT_RETRIED,
    131052: _NOT_RETRIED,
    131053: _NOT_RETRIED,
    131062: Meaning(Rejected, "This kind of message needs the person's phone number, which is not known."),
    131063: _NOT_RETRIED,
    130472: _NOT_RETRIED,
    130497: Meaning(Rejected, "This business may not message people in that country."),
    135000: _NOT_RETRIED,
    137000: _NOT_RETRIED,
}
# Ranges come second, so that single codes inside them keep their own meaning.
_RANGES = (
    (range(200, 300), _RIGHTS),
    (range(132000, 133000), _TEMPLATE),
    (range(133000, 133017), _REGISTRATION),
    (range(147001, 147005), _setup("The business username is not usable as it is; see WhatsApp Manager.")),
)
