"""The matrix as a page of the reference."""

from __future__ import annotations

from collections.abc import Iterator

from matrescence.clinic.people.matrix import ROLES, Action, matrix

CELLS = {"yes": "yes", "own": "her own", "glass": "with a reason", "-": ""}


def roles_page(note: str) -> str:
    """Every action with what each role may do; ``note`` says who wrote the page."""
    heading = "| action | what it is | " + " | ".join(ROLES) + " |"
    lines = [
        "# Who may do what",
        "",
        note,
        "",
        "The file is `src/matrescence/clinic/people/roles.toml`; every cell is asked for over HTTP by "
        "`tests/clinic/people/test_matrix_over_http.py`. Of several roles the strongest cell holds.",
        "",
        "- **yes**: allowed. **her own**: allowed to a mother, for her own course, through a link of her own.",
        "- **with a reason**: break-glass; open for an hour after writing down why, audited, and shown on her page.",
        "- empty: refused, and the refusal is audited. An action marked *writes* changes something; others only read.",
        "",
        heading,
        "|" + "---|" * (len(ROLES) + 2),
    ]
    return "\n".join([*lines, *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for action in matrix().values():
        yield f"| `{action.name}` | {_about(action)} | " + " | ".join(_cells(action)) + " |"


def _about(action: Action) -> str:
    return f"{action.about} (*writes*)" if action.writes else action.about


def _cells(action: Action) -> list[str]:
    return [CELLS[action.cells[role].value] for role in ROLES]
