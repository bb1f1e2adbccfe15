"""Django's SQLite backend on an SQLite that is new enough for two writers."""
