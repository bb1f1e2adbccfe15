"""The people, the site and the session that these tests share."""

from paper_fixtures import prepared, site_named, staff

__all__ = ["prepared", "site_named", "staff"]
