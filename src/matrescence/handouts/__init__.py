"""What is handed to people: the page for the wall, its figures, the calendar file and the terminal tables.

Everything here works from the plan as it is written to ``plan.json`` (described by ``plan.schema.json``), so that a
page can be made again from the file alone.  Read ``page.py`` first; it calls the figures, which are drawn with
``chart.py``.
"""
