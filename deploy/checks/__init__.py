"""Checks of what is deployed, without a cluster or a network. Each returns what is wrong, a line each."""
