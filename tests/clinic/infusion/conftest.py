"""Courses at the bedside, for every test of the infusion."""

from infusion_examples import nothing_remembered, opened, press, running, say  # noqa: F401 -- fixtures
