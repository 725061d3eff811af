"""How Hypothesis runs here: no test fails for being slow."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("decode", deadline=None)
settings.load_profile("decode")
