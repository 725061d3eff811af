"""The changes that were seen while a store was followed: a list, and what each of them changed."""
