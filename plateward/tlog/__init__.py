"""Transparency logs: the Merkle tree of RFC 6962, its proofs, and C2SP's checkpoints and cosignatures. Pure."""
