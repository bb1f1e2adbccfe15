"""The action port for bedside devices: what a device says -> what is shown live, and what is written into her course.

Nothing here reads a clock, a socket or a file.  A simulator calls it today, a device gateway may call it tomorrow; the
answer is the same.  Read ``report.py`` (what a device says), ``association.py`` (whose it is), ``timing.py`` (when it
was), ``charting.py`` and ``pump_said.py`` (what is written), ``intake.py`` (all of it together), ``freshness.py`` (how
old a shown value may be).

This program is no monitor.  It takes no alarm away from the bedside monitor or the pump, and adds none to them.
"""
