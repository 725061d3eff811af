"""A message as fields, JSON and bytes side by side, with one selection for all of them."""
