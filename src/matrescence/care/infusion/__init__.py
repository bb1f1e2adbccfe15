"""infusion."""
