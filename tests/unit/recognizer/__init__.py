"""Tests of the recogniser's domain and of its adapters that need no models."""
