"""The demo's account of itself, and its feeds."""
