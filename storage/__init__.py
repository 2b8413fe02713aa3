"""Remember: event entries, documents, attempts, captures, articles, and how they belong together."""

__version__ = "0.1.0"
