"""One scale from its file: what may be written there, and what it becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matrescence.care.assessment.scales import (
    Band,
    BandTable,
    Code,
    Cutoff,
    Item,
    Kind,
    Licence,
    Measures,
    Missing,
    MissingRule,
    Option,
    Purpose,
    Rater,
    Scale,
    SelfHarmItem,
    Side,
    Strength,
    Subscale,
    Tier,
)
from matrescence.facts import GRADES
from matrescence.reading import Field, read_table, read_toml, refuse
from matrescence.sourced import STATEMENT_FIELDS, read_fact, statement_of


def _choices(kind: type[Any]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


SCALE = (
    Field("label", "text", required=True),
    Field("title", "text", required=True),
    Field("measures", "text", required=True, choices=_choices(Measures)),
    Field("rater", "text", required=True, choices=_choices(Rater)),
    Field("kind", "text", required=True, choices=_choices(Kind)),
    Field("higher_is_worse", "boolean"),
    Field("recall", "text", required=True),
    Field("stem", "text"),
    Field("options", "tables"),
    Field("items", "tables", required=True, low=1),
    Field("total_low", "table", required=True),
    Field("total_high", "table", required=True),
    Field("about", "table", required=True),
    Field("missing", "table", required=True),
    Field("licence", "table", required=True),
    Field("self_harm", "table"),
    Field("band_tables", "tables"),
    Field("subscales", "tables"),
    Field("cutoffs", "tables"),
    Field("tiers", "tables"),
    Field("codes", "tables"),
    Field("notes", "tables"),
    Field("facts", "table"),
)
OPTION = (Field("score", "integer", required=True), Field("text", "text"))
ITEM = (
    Field("number", "integer", required=True, low=1),
    Field("key", "text", required=True),
    Field("name", "text", required=True),
    Field("low", "integer", required=True),
    Field("high", "integer", required=True),
    Field("reversed", "boolean"),
    Field("scored", "boolean"),
    Field("ask_if", "text"),
    Field("wording", "text"),
    Field("options", "tables"),
)
MISSING = (
    Field("kind", "text", required=True, choices=_choices(Missing)),
    Field("at_most", "integer"),
    *STATEMENT_FIELDS,
)
LICENCE = (Field("wording_ships", "boolean", required=True), *STATEMENT_FIELDS)
SELF_HARM = (
    Field("item", "text", required=True),
    Field("at_least", "integer", required=True, low=1),
    *STATEMENT_FIELDS,
)
BAND = (
    Field("label", "text", required=True),
    Field("low", "integer", required=True),
    Field("high", "integer", required=True),
    Field("rank", "integer", required=True, low=0),
)
BAND_TABLE = (Field("name", "text", required=True), Field("bands", "tables", required=True, low=1), *STATEMENT_FIELDS)
SUBSCALE = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    Field("items", "texts", required=True, low=1),
    *STATEMENT_FIELDS,
)
CUTOFF = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    Field("purpose", "text", required=True, choices=_choices(Purpose)),
    Field("strength", "text", required=True, choices=_choices(Strength)),
    Field("on", "text"),
    Field("at_least", "integer"),
    Field("at_most", "integer"),
    Field("needs", "table"),
    Field("sensitivity", "table", required=True),
    Field("specificity", "table", required=True),
    *STATEMENT_FIELDS,
)
TIER = (
    Field("key", "text", required=True),
    Field("label", "text", required=True),
    Field("rank", "integer", required=True, low=1),
    Field("any_of", "texts", required=True, low=1),
    Field("rule", "text", required=True),
    *STATEMENT_FIELDS,
)
CODE = (
    Field("system", "text", required=True),
    Field("code", "text", required=True),
    Field("means", "text", required=True),
    Field("item", "text"),
    Field("source", "text", required=True),
    Field("grade", "text", required=True, choices=GRADES),
)


def read_scale(path: Path) -> Scale:
    """Read one scale; the name of the file is the name of the scale.

    Raises:
        InputError: the file cannot be read, or something in it cannot be used; every problem is named.
    """
    problems: list[str] = []
    where = str(path)
    values = read_table(read_toml(path), SCALE, where, problems)
    refuse(problems, where)
    scale = _scale(path.stem, values, where, problems)
    refuse(problems, where)
    return scale


def _scale(name: str, values: dict[str, Any], where: str, problems: list[str]) -> Scale:
    def table(key: str, fields: tuple[Field, ...]) -> dict[str, Any]:
        return read_table(values[key], fields, f"{where}: {key}", problems)

    def tables(key: str, fields: tuple[Field, ...]) -> list[dict[str, Any]]:
        found = enumerate(values.get(key, []), 1)
        return [read_table(item, fields, f"{where}: {key} {n}", problems) for n, item in found]

    read: dict[str, Any] = {
        "missing": table("missing", MISSING),
        "licence": table("licence", LICENCE),
        "about": table("about", STATEMENT_FIELDS),
        "self_harm": table("self_harm", SELF_HARM) if "self_harm" in values else None,
        "options": tables("options", OPTION),
        "items": tables("items", ITEM),
        "band_tables": tables("band_tables", BAND_TABLE),
        "subscales": tables("subscales", SUBSCALE),
        "cutoffs": tables("cutoffs", CUTOFF),
        "tiers": tables("tiers", TIER),
        "codes": tables("codes", CODE),
        "notes": tables("notes", STATEMENT_FIELDS),
    }
    refuse(problems, where)
    return Scale(
        name=name,
        label=values["label"],
        title=values["title"],
        measures=Measures(values["measures"]),
        rater=Rater(values["rater"]),
        kind=Kind(values["kind"]),
        higher_is_worse=values.get("higher_is_worse"),
        recall=values["recall"],
        stem=values.get("stem"),
        statement=statement_of(read["about"]),
        items=tuple(_item(item, read["options"], where, problems) for item in read["items"]),
        total_low=read_fact(values["total_low"], f"{where}: total_low", problems, to_unit="{score}"),
        total_high=read_fact(values["total_high"], f"{where}: total_high", problems, to_unit="{score}"),
        missing=MissingRule(
            Missing(read["missing"]["kind"]), read["missing"].get("at_most", 0), statement_of(read["missing"])
        ),
        licence=Licence(read["licence"]["wording_ships"], statement_of(read["licence"])),
        self_harm=_self_harm(read["self_harm"]),
        band_tables=tuple(_band_table(item, where, problems) for item in read["band_tables"]),
        subscales=tuple(
            Subscale(item["key"], item["label"], tuple(item["items"]), statement_of(item)) for item in read["subscales"]
        ),
        cutoffs=tuple(_cutoff(item, where, problems) for item in read["cutoffs"]),
        tiers=tuple(_tier(item) for item in read["tiers"]),
        codes=tuple(Code(**item) for item in read["codes"]),
        facts={
            key: read_fact(item, f"{where}: facts {key}", problems) for key, item in values.get("facts", {}).items()
        },
        notes=tuple(statement_of(item) for item in read["notes"]),
    )


def _item(values: dict[str, Any], shared: list[dict[str, Any]], where: str, problems: list[str]) -> Item:
    own = [
        read_table(option, OPTION, f"{where}: item {values['key']}", problems) for option in values.get("options", [])
    ]
    options = tuple(Option(option["score"], option.get("text")) for option in own or shared if "score" in option)
    return Item(**{**values, "options": options})


def _self_harm(values: dict[str, Any] | None) -> SelfHarmItem | None:
    return None if values is None else SelfHarmItem(values["item"], values["at_least"], statement_of(values))


def _band_table(values: dict[str, Any], where: str, problems: list[str]) -> BandTable:
    place = f"{where}: bands {values['name']}"
    bands = [read_table(band, BAND, place, problems) for band in values["bands"]]
    refuse(problems, where)
    return BandTable(values["name"], tuple(Band(**band) for band in bands), statement_of(values))


def _cutoff(values: dict[str, Any], where: str, problems: list[str]) -> Cutoff:
    place = f"{where}: cut-off {values['key']}"
    if ("at_least" in values) is ("at_most" in values):
        problems.append(f"{place}: give either at_least or at_most.")
        refuse(problems, where)
    side = Side.AT_LEAST if "at_least" in values else Side.AT_MOST
    return Cutoff(
        key=values["key"],
        label=values["label"],
        purpose=Purpose(values["purpose"]),
        strength=Strength(values["strength"]),
        side=side,
        threshold=values["at_least"] if side is Side.AT_LEAST else values["at_most"],
        statement=statement_of(values),
        sensitivity=read_fact(values["sensitivity"], f"{place} sensitivity", problems, to_unit="%"),
        specificity=read_fact(values["specificity"], f"{place} specificity", problems, to_unit="%"),
        on=values.get("on", "total"),
        needs=tuple(values.get("needs", {}).items()),
    )


def _tier(values: dict[str, Any]) -> Tier:
    return Tier(
        values["key"], values["label"], tuple(values["any_of"]), values["rank"], values["rule"], statement_of(values)
    )
