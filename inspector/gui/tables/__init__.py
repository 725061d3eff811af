"""Tables of the file, as they are stored."""
