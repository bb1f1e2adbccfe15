"""All stages folded into one view: where she is, what is next, and what cannot wait.

Read ``words.py`` (what a course can tell), ``known.py`` and ``fold.py`` (what is known after it), ``tasks.py`` (what is
urgent), ``planned.py`` and ``confirming.py`` (what would be given, and which two people have checked it), ``infuse.py``
(an infusion begins only through the gate), ``admit.py`` and ``written.py`` (which record may be added, and when),
then ``stages.py``, ``due.py`` and ``view.py`` (where she is), and last ``worklist.py`` (many courses, the most pressing
first).  The rules: ``rules.py``.
"""
