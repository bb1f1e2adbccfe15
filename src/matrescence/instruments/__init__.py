"""Rating scales as data: one file is one scale, and nothing else has to be touched to add one.

Start with ``library.py`` (which scales there are, and one of them); ``read_scale.py`` says what may be written in a
file, ``checks.py`` looks for what a reader cannot see, ``wording.py`` puts a clinic's own text into empty slots,
``help_lines.py`` and ``consultation.py`` read the two lists that travel with the scales.
"""
