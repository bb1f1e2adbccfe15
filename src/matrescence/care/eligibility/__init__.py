"""May she have this drug: one named function for each criterion, and a verdict that rests on every reason listed.

Read ``facts.py`` (what must be known beyond the mother), ``criteria.py`` (the functions, by the names that a
``drug.toml`` uses), ``rules.py`` (the same as a table of rules) and ``decide.py`` (all criteria -> one verdict).
"""
