"""An agency's own entries: what they must say, who approves them, how they are renewed."""
