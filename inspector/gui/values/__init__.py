"""One value of a record, read in full."""
