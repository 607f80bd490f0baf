"""Where most people of a country with several time zones live, and zones that are one in all but name."""

HOME_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo", "CA": "America/Toronto",
    "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin",
    "EC": "America/Guayaquil", "ES": "Europe/Madrid", "FR": "Europe/Paris", "GB": "Europe/London", "GL": "America/Nuuk",
    "ID": "Asia/Jakarta", "IT": "Europe/Rome", "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NL": "Europe/Amsterdam", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
    "VN": "Asia/Ho_Chi_Minh",
}  # fmt: skip

# Countries with one zone for which the numbering data name another's, or that of a whole continent.
ONE_ZONE = {
    "AG": "America/Antigua", "AI": "America/Anguilla", "AS": "Pacific/Pago_Pago", "BB": "America/Barbados", "BM": "Atlantic/Bermuda",
    "BS": "America/Nassau", "DM": "America/Dominica", "DZ": "Africa/Algiers", "EH": "Africa/El_Aaiun", "GD": "America/Grenada",
    "JM": "America/Jamaica", "KN": "America/St_Kitts", "KY": "America/Cayman", "LC": "America/St_Lucia", "LY": "Africa/Tripoli",
    "MA": "Africa/Casablanca", "MS": "America/Montserrat", "NI": "America/Managua", "RE": "Indian/Reunion", "SS": "Africa/Juba",
    "SX": "America/Lower_Princes", "TC": "America/Grand_Turk", "TT": "America/Port_of_Spain", "VC": "America/St_Vincent",
    "VG": "America/Tortola", "YT": "Indian/Mayotte",
}  # fmt: skip

# Of the zones that one area code spans, where most of its people live.
LARGER_ZONES = ("America/Anchorage", "America/Boise", "America/Denver", "America/Halifax", "Australia/Perth")

# Links in the IANA data: the same clock under another name.
SAME_ZONES = {
    "Europe/Guernsey": "Europe/London",
    "Europe/Isle_of_Man": "Europe/London",
    "Europe/Jersey": "Europe/London",
    "Europe/Vatican": "Europe/Rome",
    "Europe/San_Marino": "Europe/Rome",
    "Europe/Busingen": "Europe/Zurich",
    "Asia/Calcutta": "Asia/Kolkata",
    "Europe/Kiev": "Europe/Kyiv",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
}
