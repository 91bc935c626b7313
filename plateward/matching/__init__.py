"""What a match comes to: pure, the same for the matcher that raises hits and the gateway that explains them."""
