"""The same courses at the bedside as for the infusion's own tests."""

from infusion_examples import nothing_remembered, opened, press, running, say  # noqa: F401 -- fixtures
