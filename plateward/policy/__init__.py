"""Agencies' policies as data (`profiles/*.yaml`), and the rules that read them. Code never names an agency."""
