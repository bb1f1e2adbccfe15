"""Risk programmes: who must have done what before an infusion may start, and whether it has been done.

Read ``programme.py`` (what a programme asks), ``records.py`` (what has been done), ``forms.py`` (whether a form is
filled and signed), ``counting.py`` (whether a record counts), ``status.py`` (each requirement at one instant) and last
``gate.py`` (may it start now).  ``site.py`` is about what belongs to a site and is entered once for all its mothers.
"""
