"""Assessment: her scores, what is urgent and what was done about it, the consultation, and links to her own pages.

Read ``wording.py`` (which scales have words), ``shown.py`` (what the page tells), ``form.py`` (a form made from the
scales), then the views: ``views.py``, ``entering.py``, ``urgent.py``, ``consulting.py``, ``links.py``.
"""
