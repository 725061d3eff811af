"""What is remembered between two starts, and the preferences."""
