"""What a mother sees on her own telephone, through a one-time link.

Read ``tokens.py`` and ``access.py`` (which browser a link belongs to), ``questions.py`` (what is asked, one question a
page), ``answering.py`` (each answer is kept; an urgent one becomes a record at once), ``crisis.py`` (whom to call, in
her language), ``views.py``, and for the handout ``handout.py`` and ``cost.py``.  Nothing here decides what is urgent:
``care.assessment.urgent`` does.
"""
