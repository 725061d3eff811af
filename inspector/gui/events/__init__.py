"""The events that the store keeps of a record."""
