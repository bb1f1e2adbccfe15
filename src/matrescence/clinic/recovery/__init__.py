"""After treatment: leaving, scores against the forecast, coming back, the next session, and what it costs."""
