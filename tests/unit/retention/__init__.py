"""Tests of what the retention service decides."""
