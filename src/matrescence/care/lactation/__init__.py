"""lactation."""
