"""Hits that partners get: what is shared, how it is signed, when it is tried again."""
