"""What is known of each drug, as data: one folder is one drug, and nothing else has to be touched to add one.

Start with ``library.py`` (which drugs there are, and one of them as a :class:`~matrescence.care.drug.Drug`); the
``read_*.py`` files say what may be written in a folder, ``checks.py`` is the pharmacist's spell-checker, and
``published.py`` holds what a simulation has to reproduce.  ``medicines.py`` sorts other medicines into classes.
"""
