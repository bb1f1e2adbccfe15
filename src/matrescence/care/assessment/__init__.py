"""Assessment: from her answers to what must happen now.

Read ``scales.py`` (what a rating scale is), ``scoring.py`` (any scale from its description), ``history.py`` (what is
known of her), ``urgent.py`` (what cannot wait), ``triage.py`` (blues or depression), then ``consultation.py`` (the
visit before an infusion).  Every rule that speaks is in ``rules.py``; the telephone numbers are in ``help_lines.py``.
"""
