"""Which migration these models describe."""

HEAD = "0009"
"""Newest migration; a constant, so that opening a store need not load Alembic (a test compares the two)."""
