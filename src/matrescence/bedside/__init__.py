"""The bedside simulator: a room with an invented woman, an oximeter, a pump and, if wanted, a nurse.

It speaks through the same action port as real devices would (``actions.bedside``).  It is for demonstrations and tests.
It shows no real person, and nothing in it is a claim about how a drug acts on saturation or pulse.

Time is handed in, numbers come from a seed: the same scenario gives the same bytes.  Read ``room.py`` first, then
``faults.py`` (what can go wrong), ``nurse.py`` and ``play.py``.
"""
