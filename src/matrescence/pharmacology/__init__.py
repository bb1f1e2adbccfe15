"""Equations.  Read ``model`` (what a model is) and ``regimen`` (what is given), then ``simulate`` and ``exposure``.

``compartments`` holds the one exact propagator; ``schedule`` and ``walk`` take its steps; ``covariates``,
``population``, ``philox`` and ``cohort`` draw the women; ``moments`` and ``crossing`` find when; ``milk`` and
``tolerability`` stand on these.  Hours, litres and micrograms throughout; women are the last axis inside and the first
axis of results.
"""
