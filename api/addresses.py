"""Whose request it is: the peer's address or, behind proxies that the settings name, the one that they were asked from."""

import ipaddress
from collections.abc import Iterable

from starlette.requests import Request

HEADER = "x-forwarded-for"
MOST_HOPS = 20


def client_address(request: Request, trusted: Iterable[str]) -> str:
    """The nearest address that is no trusted proxy. What a stranger writes into the header is never looked at."""
    address = request.client.host if request.client else ""
    networks = [ipaddress.ip_network(one, strict=False) for one in trusted]
    if not networks:
        return address
    told = ",".join(request.headers.getlist(HEADER)).split(",")
    for hop in reversed(told[-MOST_HOPS:]):
        if not _is_within(address, networks) or not _is_address(hop.strip()):
            break
        address = hop.strip()
    return address


def _is_within(address: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in network for network in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
