"""Audits of the agency's own inquiries: when they are due, which inquiries are drawn, and what becomes of them."""
