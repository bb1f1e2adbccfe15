"""All stages folded into one view: where she is, what is next, and what cannot wait.

Read ``words.py`` (what a course can tell), ``known.py`` and ``fold.py`` (what is known after it), ``tasks.py`` (what is
urgent), ``start.py`` and ``infuse.py`` (an infusion begins only through the gate), ``admit.py`` (which record may be
added), then ``stages.py`` and ``view.py`` (where she is).  The rules: ``rules.py``.
"""
