"""Takes frames from cameras, checks them whole, and puts them on `frames`."""
