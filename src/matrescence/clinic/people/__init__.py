"""Who may do what, who did what: accounts, roles, one-time links for mothers, break-glass, the idle lock."""
