"""pharmacology."""
