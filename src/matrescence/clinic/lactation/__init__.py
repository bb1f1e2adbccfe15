"""Feeding: every source's advice with the times of her course, whose she follows, and the handout for home."""
