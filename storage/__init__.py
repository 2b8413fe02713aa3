"""Remember: event entries, documents, attempts, captures, articles, and how they belong together."""

from storage.opening import open_store

__version__ = "0.1.0"

__all__ = ["__version__", "open_store"]
