"""Agencies' policies."""
