"""The matcher: joins plate reads with the hot list and raises hits."""
