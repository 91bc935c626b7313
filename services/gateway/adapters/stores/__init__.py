"""What the gateway keeps in PostgreSQL, an area a file."""
