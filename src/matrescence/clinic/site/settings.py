"""The settings that hold now, for every room that needs them."""

from __future__ import annotations

from matrescence.care.assessment.help_lines import HelpLines
from matrescence.clinic.log.site import open_site
from matrescence.clinic.site.values import SiteSettings
from matrescence.instruments.help_lines import load_lines


def site_settings() -> SiteSettings:
    """What the site has set; what it has not set is ``None`` or empty."""
    return open_site().known.settings


def help_lines() -> HelpLines:
    """Whom to call: a role for which the site names its own lines has those; every other role the shipped ones."""
    own, shipped = site_settings().help_lines, load_lines()
    replaced = {line.role for line in own}
    return HelpLines((*own, *(line for line in shipped.lines if line.role not in replaced)))
