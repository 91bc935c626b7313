"""Compiled lists: what several sources have in common, found again on a schedule (Stockton IV.C.2-4)."""
