"""Earlier states of a whole store: which there are, and how one is opened."""
