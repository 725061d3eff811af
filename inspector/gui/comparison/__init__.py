"""Two stores, or two states of one, compared record by record in a window of their own."""
