"""The languages that the clinic speaks: English, and every language whose catalogue is compiled."""

from __future__ import annotations

from pathlib import Path

from django.conf.locale import LANG_INFO

CATALOGUES = Path(__file__).parent / "locale"
COMPILED = "LC_MESSAGES/django.mo"


def spoken_languages(catalogues: Path = CATALOGUES) -> list[tuple[str, str]]:
    """Code and own name of each language, English first: what a reader may choose from."""
    found = sorted(path.parts[-3].replace("_", "-").lower() for path in catalogues.glob(f"*/{COMPILED}"))
    return [(code, str(LANG_INFO[code]["name_local"]).capitalize()) for code in ("en", *found)]
