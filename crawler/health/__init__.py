"""Whether the library and its jobs do what is expected of them."""
