"""What the witness talks to: logs over HTTP, and its own folder."""
