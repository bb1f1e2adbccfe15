"""Recovery: leaving, driving, coming back, getting well, staying well, the next session, and what it costs.

Read ``guidance.py`` (what a drug's folder tells), ``discharge.py`` (leaving), ``follow_up.py`` (driving, visits),
``outcome.py`` (response, remission, reliable change, relapse) and ``next_session.py``; then the cost: ``money.py``
(cents), ``bill.py`` (line items), ``cover.py`` (who pays), ``accounts.py`` (pre-tax money).  The rules: ``rules.py``.
"""
