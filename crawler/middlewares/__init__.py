"""Downloader middlewares: what every request and response passes, live and archived alike."""
