"""The clinic's own settings, in a folder that is gone afterwards, on the database that the run is for.

``MATRESCENCE_TEST_DATABASE=postgresql://user:password@host:port/name`` runs the same tests on PostgreSQL.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="matrescence-test-"))
os.environ |= {"MATRESCENCE_HOME": str(_HOME), "MATRESCENCE_HTTPS": "0", "MATRESCENCE_HOSTS": "*"}
os.environ["MATRESCENCE_DATABASE"] = os.environ.get("MATRESCENCE_TEST_DATABASE", "")

from matrescence.clinic.settings import *  # noqa: E402, F403
from matrescence.clinic.settings import DATABASES  # noqa: E402

DATABASES["default"]["TEST"] = {} if os.environ["MATRESCENCE_DATABASE"] else {"NAME": str(_HOME / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
