"""The in-memory store."""

from storage.memory.store import MemoryStore

__all__ = ["MemoryStore"]
