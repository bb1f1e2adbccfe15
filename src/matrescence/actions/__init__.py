"""What people do: load, decide, and hand back plain data; one file for each thing done.

For a plan read ``mother_file.py`` (her file), ``planning.py`` (the plan), ``forecasting.py`` (what is expected), then
``plan_json.py`` and ``treatment_json.py`` (the shape of ``plan.json``) and ``citing.py`` (its sources).
"""
