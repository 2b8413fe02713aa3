"""Spiders: sources fetches what event entries cite from the live web."""
