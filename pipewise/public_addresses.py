"""Which addresses are the public internet's: anything else is a machine of ours, or of nobody.

Source: the IANA IPv4 and IPv6 special-purpose address registries. Written out, because `ipaddress.is_global` has changed its
mind between releases of Python.
"""

import ipaddress

_NOT_PUBLIC_4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8",  # this network; Linux takes 0.0.0.0 for itself
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata service
            "127.0.0.0/8",
            "168.63.129.16/32",  # Azure's own channel to its machines, in spite of its number
            "169.254.0.0/16",  # link-local; the metadata services of most clouds
            "172.16.0.0/12",
            "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
            "192.0.2.0/24",
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
# Of IPv6 only this is handed out. Outside lie loopback, private and link-local addresses, multicast, and the forms that carry an
# IPv4 address inside: mapped, compatible, NAT64.
_UNICAST_6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        ipaddress.IPv6Network,
        (
            "2001::/23",  # protocol assignments, Teredo among them
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address inside
            "3fff::/20",
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether this address, as a resolver writes it, may be called on behalf of a user."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_4)
    if parsed.scope_id is not None or parsed not in _UNICAST_6:
        return False
    return not any(parsed in network for network in _NOT_PUBLIC_6)
