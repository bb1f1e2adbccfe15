"""Records of a course log -> what they tell, one after another, each with what was told before in mind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from matrescence.actions.course_payload import KINDS, READERS, Table, Telling
from matrescence.care.journey import words
from matrescence.reading import Field, InputError, nearest, read_table

CORRECTION = (
    Field("of", "integer", low=1, required=True, help="The position of the record that was wrong."),
    Field("why", "text", required=True),
    Field("payload", "table", required=True, help="The whole payload as it should have been."),
)


@dataclass(frozen=True, slots=True)
class SoFar:
    """What was told up to one payload, in the order of the log; put together only when a reader asks for it.

    Most payloads stand alone, and a long infusion has thousands of them.
    """

    told: Mapping[int, tuple[str, Table]]
    position: int
    own: tuple[str, Table]

    def __iter__(self) -> Iterator[tuple[str, Table]]:
        return iter({**self.told, self.position: self.own}.values())


@dataclass(slots=True)
class Reader:
    """Reads payloads in the order of the log, remembering kind and payload of each position."""

    ground: words.Ground
    told: dict[int, tuple[str, Table]] = field(default_factory=dict)

    def copy(self) -> Reader:
        """Another reader that remembers the same."""
        return Reader(self.ground, dict(self.told))

    def read(self, position: int, kind: str, payload: Table, *, where: str) -> words.What:
        """What one payload tells at its position; keep it with :meth:`keep` once it stands in the log.

        Raises:
            InputError: the kind is not known, or the payload cannot be used.
        """
        if kind == "correction":
            return self._correction(payload, where)
        if kind not in READERS:
            raise InputError(f"{where}: there is no kind {kind!r}.{nearest(kind, KINDS)} Allowed: {', '.join(KINDS)}.")
        return self._read(position, kind, payload, where)

    def keep(self, position: int, kind: str, payload: Table) -> None:
        """Remember a payload that stands in the log; a correction takes the place of what it corrects."""
        if kind == "correction":
            self.told[payload["of"]] = (self.told[payload["of"]][0], payload["payload"])
        self.told[position] = (kind, payload)

    def _read(self, position: int, kind: str, payload: Table, where: str) -> words.Told:
        return READERS[kind](Telling(self.ground, payload, SoFar(self.told, position, (kind, payload)), where))

    def _correction(self, payload: Table, where: str) -> words.Corrected:
        values = read_table(payload, CORRECTION, where)
        of = values["of"]
        kind = self.told[of][0] if of in self.told else ""
        if kind not in READERS:
            raise InputError(f"{where}: of = {of}: no record there can be corrected. Correct the first record itself.")
        return words.Corrected(of, self._read(of, kind, values["payload"], f"{where}: payload"))


def plain(value: Any, *, where: str) -> Any:
    """A parsed TOML or JSON value as plain JSON: dates and instants become ISO 8601 texts.

    Raises:
        InputError: a value that JSON cannot hold, such as a number that is not finite.
    """
    if isinstance(value, dict):
        return {key: plain(item, where=where) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, where=where) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise InputError(f"{where}: {value} is not a number that can be recorded.")
    if not isinstance(value, str | bool | int | float | None):
        raise InputError(f"{where}: {value!r} cannot be recorded; write it as text.")
    return value
