"""Fits the weights of the plate test on rendered roads, and says how well they tell plates from other print."""
