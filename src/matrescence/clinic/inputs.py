"""One input of a form as a page shows it: its label, what was typed, what is wrong with it, where it came from."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

YES, NO, NOT_ASKED = "yes", "no", ""
"""What a question with yes and no sends; an empty value always means that nobody was asked."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input.

    ``kind`` is ``text``, ``long``, ``number``, ``date``, ``time``, ``moment``, ``yes-no``, ``confirmed``, ``choice``,
    ``select`` or ``file``.  ``value`` is what was typed, as text.  ``note`` says where a prefilled value comes from,
    ``error`` what is wrong.  A text that is a sentence of the core is an ``English`` (said.py): the page says so.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    error: str = ""
    note: str = ""

    @property
    def described_by(self) -> str:
        """The ids of what explains the input, for ``aria-describedby``."""
        parts = (("hint", self.hint), ("note", self.note), ("error", self.error))
        return " ".join(f"{self.name}-{part}" for part, text in parts if text)

    @property
    def first_id(self) -> str:
        """Where a link of the error summary leads: the first thing that can be filled in."""
        return f"{self.name}-1" if self.kind in {"yes-no", "choice"} else self.name


def typed_number(text: str) -> float | str:
    """A number with a point or a comma; what is none stays the text that was typed."""
    plain = text.strip().replace(",", ".")
    try:
        number = float(plain)
    except ValueError:
        return text
    return number if abs(number) < float("inf") and "_" not in plain else text


def shown_number(value: float | None) -> str:
    """A number as one types it; empty where it is not known."""
    return "" if value is None else f"{value:.12g}"


def with_errors(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Those with something wrong, for the summary above the form."""
    return tuple(item for item in inputs if item.error)


def posted(data: Mapping[str, str], name: str) -> str:
    """What was typed into one input, without the blanks around it."""
    return data.get(name, "").strip()


# ---- what travels with a form --------------------------------------------------------------------------------------

_KEY = re.compile(r"[0-9A-Za-z._-]{1,100}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)


def form_key(data: Mapping[str, str]) -> str:
    """The key of a posted form; a fresh one where it has none, or one that no form of ours carries."""
    key = data.get("key", "")
    return key if _KEY.fullmatch(key) else uuid.uuid4().hex


def form_position(data: Mapping[str, str]) -> int | None:
    """The newest record that a posted form was made from; ``None`` where it does not say.

    What is no position is taken for 0: such a form has seen nothing, so it is shown what there is.
    """
    typed = data.get("position", "")
    return (whole_number(typed) or 0) if typed else None


def whole_number(text: str) -> int | None:
    """A whole number as a program writes it, of at most nine digits; ``None`` where it is none."""
    return int(text) if _WHOLE.fullmatch(text) else None
