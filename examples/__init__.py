"""Programs of a partner agency, to begin one's own from."""
