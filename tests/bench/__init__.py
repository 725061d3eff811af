"""How fast it is, as ratios to something everybody has; run with ``python -m tests.bench``."""
