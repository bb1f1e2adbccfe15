"""The event log in the database: append-only, chained, and the only place where anything clinical is kept."""
