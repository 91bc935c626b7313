"""What the matcher decides."""
