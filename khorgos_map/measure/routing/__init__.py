"""Road distances: one protocol, the embedded engine, and the engines of others behind the same records."""
