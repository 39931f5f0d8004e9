"""A format a module; each gives `read_entries`, from a stream to documents and rejects in the stream's order."""
