"""What a check of the whole store finds."""
