"""How often the open door may be knocked at: by one address, and by all together."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest

from matrescence.clinic.people.address import neighbourhood_of

BY_ADDRESS, BY_ALL = (5, 3600), (60, 3600)
"""So many requests in so many seconds (our own choice)."""


def may_knock(request: HttpRequest) -> bool:
    """Count one request; ``False`` when there have been too many."""
    return all([_counted(f"knock:{neighbourhood_of(request)}", *BY_ADDRESS), _counted("knock:all", *BY_ALL)])


def _counted(name: str, most: int, seconds: int) -> bool:
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name) <= most
    except ValueError:  # it ran out between the two
        cache.set(name, 1, timeout=seconds)
        return True
