"""The people that these tests share."""

from __future__ import annotations

from paper_fixtures import prepared, site_named, staff

__all__ = ["prepared", "site_named", "staff"]
