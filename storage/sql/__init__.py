"""The SQL backends. Nobody outside `storage` imports this package: `storage.open_store` and `storage.schema` do."""
