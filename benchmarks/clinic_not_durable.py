"""The clinic's settings, but a commit is acknowledged before it is on the disk: a measure of what durability costs."""

from matrescence.clinic.settings import *  # noqa: F403
from matrescence.clinic.settings import DATABASES

_OPTIONS = DATABASES["default"]["OPTIONS"]
if "init_command" in _OPTIONS:
    _OPTIONS["init_command"] = _OPTIONS["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
else:
    _OPTIONS["options"] = "-c synchronous_commit=off"
