"""Migrations of enrolment."""
