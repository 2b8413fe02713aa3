"""Finders: one module per field, each from the strongest source to the weakest, each saying where it looked."""
