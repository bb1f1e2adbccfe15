"""Pages and terminal tables of prevention, relapse, the hormone and prevalence.

Each of the four says in its own file what goes on its page (``prevention.py``, ``relapse.py``, ``hormone.py``,
``prevalence.py``); ``page.py`` makes one self-contained HTML file of it and ``terminal.py`` prints the same tables.
"""
