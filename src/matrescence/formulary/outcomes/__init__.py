"""What counts as response and as relapse, as data with its source: ``definitions.toml``, read by ``library.py``."""
