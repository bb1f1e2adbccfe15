"""The page of one mother: where she is, her scores, her sessions, and everything that was written down."""
