"""The client for partners, against answers that are written down."""
