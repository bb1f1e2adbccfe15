from __future__ import annotations

import subprocess
import sys


def test_importing_the_handouts_brings_no_heavy_library() -> None:
    code = (
        "import sys\n"
        "import matrescence.handouts.page, matrescence.handouts.calendar, matrescence.handouts.terminal\n"
        "import matrescence.handouts.page_words\n"
        "print(sorted({'jinja2', 'icalendar', 'rich', 'numpy', 'scipy', 'markupsafe'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
