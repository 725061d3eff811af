"""What is seen of the models: tables, trees, text."""
