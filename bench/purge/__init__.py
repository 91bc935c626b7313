"""How long a day of reads takes to purge, beside deleting its rows, and what searches notice of it."""
