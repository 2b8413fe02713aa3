"""Labelled pairs and whole stories for the dedup gate; ``run.py`` beside this folder prints the tables."""
