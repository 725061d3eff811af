"""What differs between two records or texts."""
