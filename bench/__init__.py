"""What is measured, a folder each; the last line of each is JSON."""
