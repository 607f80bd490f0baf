"""Addresses that people type into forms, in the one form by which a person is found."""

import re

import phonenumbers

MAX_ADDRESS = 254
MAX_TYPED_NUMBER = 40
_EMAIL = re.compile(r"[^@\s,;<>\"()]{1,64}@(?:[^@\s.,;<>\"()]+\.)+[^@\s.,;<>\"()]{2,63}\Z")


def read_email(typed: str) -> str | None:
    """The address in lower case; None if it cannot be one."""
    address = typed.strip().lower()
    return address if len(address) <= MAX_ADDRESS and _EMAIL.match(address) else None


def read_phone(typed: str) -> str | None:
    """The number in E.164; None if it is no international number. Without a country code nobody can know whose it is."""
    number = typed.strip()
    if number.startswith("00"):
        number = "+" + number[2:]
    if not number.startswith("+") or len(number) > MAX_TYPED_NUMBER:
        return None
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
