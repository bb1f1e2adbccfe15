"""The setting itself: its certification, its own limits, prices and hours, and the wording of licensed scales."""
