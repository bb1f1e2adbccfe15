"""Risk programmes as data: one TOML file is one programme, and ``library.py`` reads them."""
