"""Make the pictures of every page again: ``python tests/browser/pictures.py``.

They lie in ``docs/pictures/clinic/``, and ``docs/reference/clinic-pages.md`` lists them.  An invented clinic is served
for it, in a folder that is gone afterwards.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "clinic"), str(ROOT / "tests" / "browser")]

from chromium import DESK, Browsers, browsers_at  # noqa: E402
from PIL import Image  # noqa: E402
from served import served_in  # noqa: E402
from states import HERS, STAFF, State, mothers_of, open_state  # noqa: E402

PICTURES = ROOT / "docs" / "pictures" / "clinic"
PAGE = ROOT / "docs" / "reference" / "clinic-pages.md"
TELEPHONE = {"width": 390, "height": 844}
TALLEST = 2000
"""A page that is longer is shown as far as this, in CSS pixels."""
DARK = ("infusion-running", "infusion-stop-requested")
"""The pages of a night: shown in the dark too."""
COLOURS = 48


def main() -> None:
    """Make them all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, served_in(Path(folder) / "clinic") as served:
        mothers = mothers_of(served)
        with browsers_at(served) as browsers:
            for state in (*STAFF, *HERS):
                picture_of(browsers, state, mothers)
    PAGE.write_text(listed(), encoding="utf-8")


def picture_of(browsers: Browsers, state: State, mothers: Mapping[str, str]) -> None:
    """One page in one state, on a desk or on her telephone; some in the dark too."""
    page = browsers.page(state.role, viewport=TELEPHONE if state in HERS else DESK)
    open_state(page, state, mothers)
    for scheme, more in (("light", ""), ("dark", "-dark")):
        if scheme == "dark" and state.name not in DARK:
            continue
        page.emulate_media(color_scheme=scheme)
        keep(page.screenshot(full_page=True), PICTURES / f"{state.name}{more}.png")
    browsers.close()


def keep(shot: bytes, file: Path) -> None:
    """A picture with few colours, no taller than a reader scrolls."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def listed() -> str:
    """The page of the reference that shows them."""
    lines = [
        "# The clinic's pages",
        "",
        "Every page in every state that is tested (`tests/browser/states.py`). Everybody in it is invented.",
        "The pictures are made by `python tests/browser/pictures.py`; a long page is cut.",
        "",
    ]
    for title, states in (("For the people who work here, and for everybody", STAFF), ("On her own telephone", HERS)):
        lines += [f"## {title}", "", "| page | what it shows | who |", "|---|---|---|"]
        lines += [row(state) for state in states]
        lines.append("")
    return "\n".join(lines)


def row(state: State) -> str:
    """One line of the list."""
    names = [state.name, *([f"{state.name}-dark"] if state.name in DARK else [])]
    pictures = ", ".join(f"[{name}](../pictures/clinic/{name}.png)" for name in names)
    return f"| {pictures} | {state.about} | {state.role or ('she' if state in HERS else 'everybody')} |"


if __name__ == "__main__":
    main()
