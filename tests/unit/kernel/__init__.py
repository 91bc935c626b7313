"""What a service process stands on."""
