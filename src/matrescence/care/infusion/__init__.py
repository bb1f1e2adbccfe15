"""The live infusion: ``decide`` answers a command with events, ``evolve`` folds events into a state.

Read ``order.py`` (what was ordered), ``commands.py`` and ``events.py`` (what may be asked, what has happened),
``state.py`` and ``evolve.py`` (what is known), ``decide.py`` (what may happen), then ``monitoring.py`` and
``alarms.py`` (what is due, what is wrong).  ``plan.py`` makes the plan before any of this begins.
"""
