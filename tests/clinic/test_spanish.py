"""The Spanish catalogue is whole, compiled and in step with the pages; names of the core are Spanish too."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from django.utils import translation
from spanish_words import HOLE, SPANISH, pairs, written

from matrescence.clinic import translating
from matrescence.clinic.languages import spoken_languages
from matrescence.clinic.said import NAMES, OTHERS, English, said
from matrescence.clinic.templatetags.clinic import clock, number
from matrescence.clinic.templatetags.papers import day

SHORTENED = {"No.", "US dollars"}
"""Shortened words carry a point in one of the languages."""
TAG = re.compile(r"</?\w+[^>]*>")


# ---- the catalogue ----------------------------------------------------------------------------------------------


def test_every_sentence_of_the_clinic_has_its_spanish() -> None:
    """A new sentence without words fails here: run ``make messages`` and write them."""
    found = translating.gathered(SPANISH, written())
    assert len(found) > 1500
    assert translating.untranslated(found) == []


def test_the_catalogue_holds_no_sentence_that_nobody_says() -> None:
    def known(catalogue: Catalog) -> set[tuple[str | None, Any]]:
        return {(message.context, message.id) for message in catalogue if message.id}

    assert known(written()) == known(translating.gathered(SPANISH))


def test_nothing_is_guessed() -> None:
    assert [message.id for message in written() if message.fuzzy] == []


def test_what_is_filled_in_and_marked_up_is_the_same_in_both_languages() -> None:
    for english, spanish in pairs():
        assert sorted(HOLE.findall(english)) == sorted(HOLE.findall(spanish)), english
        assert sorted(TAG.findall(english)) == sorted(TAG.findall(spanish)), english


def test_sentences_begin_and_end_alike() -> None:
    """A blank at the edge joins two texts; a full stop ends both or neither."""
    for english, spanish in pairs():
        assert english[:1].isspace() == spanish[:1].isspace(), english
        assert english[-1:].isspace() == spanish[-1:].isspace(), english
        assert english.endswith(".") == spanish.endswith(".") or english in SHORTENED, english


def test_questions_and_calls_open_as_spanish_does() -> None:
    for _english, spanish in pairs():
        assert spanish.count("?") == spanish.count("¿"), spanish
        assert spanish.count("!") == spanish.count("¡"), spanish


def test_the_compiled_catalogue_is_what_the_written_one_compiles_to() -> None:
    with translating.po_path(SPANISH).with_suffix(".mo").open("rb") as file:
        compiled = read_mo(file)
    assert _told(compiled) == _told(written())
    assert compiled.plural_forms == written().plural_forms


def _told(catalogue: Catalog) -> set[str]:
    return {f"{m.context} {list(m.id)} {list(m.string)}" for m in catalogue if m.id}


def test_a_new_language_begins_with_every_sentence_and_no_words() -> None:
    begun = translating.gathered("pt_BR")
    assert len(translating.untranslated(begun)) == len(begun)
    assert "Plural-Forms: nplurals=" in translating.po_text(begun, "pt_BR").decode()


def test_a_language_is_offered_once_every_sentence_has_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(translating, "CATALOGUES", tmp_path)
    assert translating.main(["pt_BR"]) == 0
    assert "without words" in capsys.readouterr().out
    assert spoken_languages(tmp_path) == [("en", "English")]

    path = translating.po_path("pt_BR")
    begun = translating.read_catalogue(path, "pt_BR")
    for message in begun:
        counted = isinstance(message.id, tuple | list)
        message.string = (message.id[1],) * begun.num_plurals if counted else message.id
    path.write_bytes(translating.po_text(begun, "pt_BR"))
    assert translating.main([]) == 0
    assert spoken_languages(tmp_path) == [("en", "English"), ("pt-br", "Português brasileiro")]


def test_a_code_that_is_no_language_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert translating.main(["zz"]) == 2
    assert "'zz' is no language code" in capsys.readouterr().err


def test_a_sentence_that_changes_loses_its_old_words() -> None:
    old = Catalog(SPANISH)
    old.add("Log out, you", "Cierre la sesión")
    old.add("Log out", "Cerrar sesión")
    found = translating.gathered(SPANISH, old)
    assert said_of(found.get("Log out")) == "Cerrar sesión"
    assert found.get("Log out, you") is None


def said_of(message: Message | None) -> Any:
    """What a message says."""
    assert message is not None
    return message.string


# ---- words of the core --------------------------------------------------------------------------------------------


def test_names_of_the_core_are_said_in_spanish() -> None:
    with translation.override(SPANISH):
        for name in (*NAMES, *OTHERS):
            assert not isinstance(said(name), English), name
        assert said("Excessive sedation check") == "Control de sedación excesiva"
        assert said("Ketamine (racemic, intravenous)") == "Ketamina (racémica, por la vena)"
        assert said("a number from 10 to 65 years") == "un número de 10 a 65 años"


def test_a_sentence_of_a_rule_stays_english_and_says_so() -> None:
    with translation.override(SPANISH):
        found = said("The gate is closed: the pump has not been confirmed.")
        assert isinstance(found, English)
        assert found.lang == "en"


def test_decimals_have_a_point_as_on_the_pump() -> None:
    with translation.override(SPANISH):
        assert number(2.1) == "2.1"
        assert number(0.5, 2) == "0.50"


def test_days_and_months_are_written_as_spanish_writes_them() -> None:
    at = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
    with translation.override(SPANISH):
        assert clock(at, UTC) == "mar 24 nov 15:05"
        assert day(at, UTC) == "24 nov 2026 15:05"
    assert clock(at, UTC) == "Tue 24 Nov 15:05"
