"""The tables of live values, step by step."""
