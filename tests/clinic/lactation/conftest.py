"""The people that these tests share."""

from __future__ import annotations

from paper_fixtures import site_named, staff

__all__ = ["site_named", "staff"]
