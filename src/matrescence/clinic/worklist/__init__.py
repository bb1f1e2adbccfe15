"""Who is urgent, what is due, which infusions run: every course on one page, the most pressing first."""
