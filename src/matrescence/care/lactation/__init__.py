"""Lactation: what each source says about feeding, when, how much milk that asks for, and what a change of course does.

Read ``feeding.py`` (one source's advice with its clock times), ``course.py`` (a course with its pauses and its end as
they were), ``log.py`` (the same from the log of an infusion), ``storing.py`` (hours without feeding, millilitres of
milk), then ``plan.py``, which lays them side by side.  Every rule that speaks is in ``rules.py``.
"""
