"""How numbers are written in a language, where the clinic differs from Django."""
