"""Courses at the bedside and papers on file, for those who try to get round them."""

from infusion_examples import nothing_remembered, opened, press, running, say  # noqa: F401 -- fixtures
