"""The address that a request came from, as the server tells it: by a trusted proxy, else by the connection itself."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address; empty where it is none, since a careless proxy passes on whatever it was sent."""
    found = _read(request)
    return "" if found is None else str(found)


def neighbourhood_of(request: HttpRequest) -> str:
    """Under what its tries are counted: one address, or the 2^64 that one connection by IPv6 has at its disposal."""
    found = _read(request)
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(ip_network((found, 64), strict=False).network_address)
    return "" if found is None else str(found)


def _read(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "") or "")
    except ValueError:
        return None
