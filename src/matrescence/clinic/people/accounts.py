"""Make, change and close accounts.  What stands in records, the name, is never changed and never given twice."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matrescence.care.people import mixes_scripts, reads_as, shows_nothing
from matrescence.clinic.people import second_factor
from matrescence.clinic.people.matrix import ROLES
from matrescence.clinic.people.models import User
from matrescence.clinic.people.sessions import end_all

REPRESENTATIVE = "site-representative"
STAFF_ROLES = tuple(role for role in ROLES if role != "mother")
"""The roles of an account.  A mother has none: she comes through a link of her own."""
LONGEST_NAME = 120
_MIXED = gettext_lazy("One word has letters of several alphabets: it could be taken for another name. Type it anew.")


class AccountError(ValueError):
    """An account cannot be made or changed so; each sentence says why, under the field it is about."""

    def __init__(self, **problems: str) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def make(*, user_name: str, name: str, roles: Iterable[str]) -> User:
    """Make an account; nobody can log in with it until a password has been set through its link.

    Raises:
        AccountError: a field is empty, wrong, or taken.
    """
    wanted = _roles(roles)
    user_name, name = normal(user_name), normal(name)
    problems = wrong_names(user_name, name)
    if not wanted:
        problems["roles"] = _("Choose at least one role.")
    if problems:
        raise AccountError(**problems)
    user = User(username=user_name, name=name, roles=list(wanted))
    user.set_unusable_password()
    user.save()
    return user


def change_roles(user: User, roles: Iterable[str]) -> User:
    """Give and take roles; they hold from the next request on.

    Raises:
        AccountError: no role would be left, or no site representative at all.
    """
    wanted = _roles(roles)
    if not wanted:
        raise AccountError(roles=_("Choose at least one role. To keep somebody out, deactivate the account."))
    with transaction.atomic():
        held = _held(user)
        if REPRESENTATIVE not in wanted:
            _refuse_the_last(held)
        held.roles = list(wanted)
        held.save(update_fields=("roles",))
    return held


def deactivate(user: User) -> User:
    """Close an account: nobody logs in with it, and its sessions end.  It is never deleted: it stands in records.

    Raises:
        AccountError: it is the last site representative's.
    """
    with transaction.atomic():
        held = _held(user)
        _refuse_the_last(held)
        held.is_active = False
        held.save(update_fields=("is_active",))
    end_all(held)
    return held


def reactivate(user: User) -> User:
    """Open a closed account again, with the roles it had."""
    user.is_active = True
    user.save(update_fields=("is_active",))
    return user


def renew_second_factor(user: User) -> None:
    """Take her second factor away and end her sessions: she sets up a new one at the next log-in."""
    second_factor.take_away(user)
    end_all(user)


def password_link(user: User) -> tuple[str, str]:
    """What a link to set a password carries.  The old password and older links stop working; her sessions end."""
    user.set_unusable_password()
    user.save(update_fields=("password",))
    end_all(user)
    user.refresh_from_db()
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def normal(name: str) -> str:
    """A name as it is kept: one way of writing each letter (NFKC), one space between two words."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def wrong_names(user_name: str, name: str) -> dict[str, str]:
    """What is wrong with the names of a new account, by field; empty where nothing is."""
    return {**_wrong_user_name(user_name), **_wrong_name(name)}


def _roles(roles: Iterable[str]) -> tuple[str, ...]:
    chosen = set(roles)
    return tuple(role for role in STAFF_ROLES if role in chosen)


def _held(user: User) -> User:
    """The same account; every representative's row is locked, so that two cannot remove each other at once."""
    rows = {row.pk: row for row in User.objects.select_for_update().order_by("pk")}
    return rows[user.pk]


def _refuse_the_last(user: User) -> None:
    if REPRESENTATIVE not in user.roles or not user.is_active:
        return
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    if not any(REPRESENTATIVE in other.roles for other in others):
        raise AccountError(roles=_("This is the last site representative. Give the role to somebody else first."))


def _wrong_user_name(user_name: str) -> dict[str, str]:
    try:
        UnicodeUsernameValidator()(user_name)
    except ValidationError:
        return {"user_name": _("Use letters, digits, and . + - _ @ without spaces, for example “nina.silva”.")}
    if mixes_scripts(user_name):
        return {"user_name": str(_MIXED)}
    if len(user_name) > 150 or _is_taken("username", user_name):
        return {"user_name": _("This user name is taken, or too long (150 letters at most). Choose another.")}
    return {}


def _wrong_name(name: str) -> dict[str, str]:
    unseen = not name.isprintable() or any(map(shows_nothing, name))
    if not 3 <= len(name) <= LONGEST_NAME or unseen or not reads_as(name):
        return {"name": _("Write the full name with title, 3 to 120 letters, for example “N. Silva, RN”.")}
    if mixes_scripts(name):
        return {"name": str(_MIXED)}
    if _is_taken("name", name):
        return {"name": _("Somebody has this name already. Records are signed with it, so add what tells them apart.")}
    return {}


def _is_taken(field: str, wanted: str) -> bool:
    """Whether an account, open or closed, has this name or one that the eye takes for it."""
    return any(reads_as(there) == reads_as(wanted) for there in User.objects.values_list(field, flat=True))
