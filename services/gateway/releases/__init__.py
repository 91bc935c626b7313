"""Releases: what others ask for in writing, who decides, and what they were given (Barstow 466.7)."""
