"""The witness: watches that other deployments' access logs only grow, and says so under their checkpoints."""
