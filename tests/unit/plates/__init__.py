"""Plates as text."""
