"""The live infusion as the ward sees it: what runs, what is due, what is wrong, and every action in two taps.

Read ``face.py`` (what the page shows), ``acts.py`` (what may be done), ``forms.py`` (one form for each act),
``views.py``, and ``snapshot.py`` (the same page for a stream).  The rules are those of ``care/infusion``.
"""
