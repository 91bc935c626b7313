"""What a search takes on a month of reads, beside DuckDB on the same reads, and what it costs to account for it."""
