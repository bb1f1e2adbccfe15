"""Whether two written names are one person's: what the eye cannot tell apart counts as the same."""

from __future__ import annotations

import unicodedata

_SEEN_AS = str.maketrans(
    # Cyrillic, then Greek, as lower case of what looks like a Latin capital or small letter.
    "авекмнорстухіјѕһԁԛԝ" + "αβεζηικμνορτυχ",
    "abekmhopctyxijshdqw" + "abezhikmnoptyx",
)
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters by their category that show nothing."""


def reads_as(name: str) -> str:
    """What a reader sees of a name: two people do not share it.

    Width and style of letters, case, spaces, points and commas, characters that show nothing, and letters of another
    script that look like Latin ones make no difference.  Accents do.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = (character for character in folded if not shows_nothing(character))
    return " ".join("".join(c if _is_written(c) else " " for c in seen).translate(_SEEN_AS).split())


def shows_nothing(character: str) -> bool:
    """Whether a character is there without being seen: a joiner, a filler, a mark of direction."""
    return unicodedata.category(character) == "Cf" or character in _FILLERS or character == "\u034f"


def mixes_scripts(name: str) -> bool:
    """Whether one word has letters of several scripts, as nobody writes but to look like somebody else."""
    return any(len(scripts) > 1 for scripts in map(_scripts, name.split()))


def _scripts(word: str) -> frozenset[str]:
    """The scripts of its letters, by the first word of each letter's Unicode name."""
    return frozenset(unicodedata.name(c, "unknown").split()[0] for c in word if c.isalpha())


def _is_written(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")
