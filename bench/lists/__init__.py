"""Measures how long a list from elsewhere takes to be replaced."""
