"""Ingest, without its servers."""
