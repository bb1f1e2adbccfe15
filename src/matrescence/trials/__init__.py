"""Trials: the mood model and its fit to the published record, and virtual trials that repeat a design many times.

Virtual trials, in reading order: ``design`` (what a trial is), ``read_design`` (its file), ``truth`` (what one
replicate takes as true), ``women`` (who takes part and what is measured), ``analysis`` (the trial's own statistics),
``run`` (many replicates on all cores or on a cluster), ``report`` (beside what was published), ``power``.
"""
