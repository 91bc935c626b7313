"""What an agency publishes of its use of the system, for everybody to read (Barstow 466.3.1.g, Florence 807.2.g)."""
