"""What a match comes to."""
