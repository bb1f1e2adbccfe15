"""A date and a time as they are typed by the clock on her wall, and the instant that they stand for."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils.translation import gettext as _


class MomentError(ValueError):
    """What was typed is no moment, or one that the clocks have twice or never; the message says which."""


def moment_in(text: str, zone: tzinfo | None) -> datetime:
    """The instant of a typed date and time.

    Raises:
        MomentError: it cannot be used.
    """
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        raise MomentError(_("This is no date and time.")) from None
    if typed.tzinfo is not None:
        return typed
    earlier, later = (typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if earlier.utcoffset() != later.utcoffset():
        raise MomentError(_("The clocks change at this time: choose another."))
    return earlier


def typed_moment(at: datetime, zone: tzinfo | None) -> str:
    """An instant as an input of date and time takes it."""
    return at.astimezone(zone).replace(tzinfo=None).isoformat(timespec="minutes")
