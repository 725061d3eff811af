"""Releases that tests are run for: the first and last of every form that the messages took."""

from __future__ import annotations

from typing import Final

JANUARY_25: Final = "2026-01-25"
JANUARY_26: Final = "2026-01-26"
NEWEST: Final = "apis-0.1.0.dev0"
SOME: Final = (*(JANUARY_25, JANUARY_26, "0.0.36", "0.0.49", "1.0.4", "3.6.0", "3.41.0", NEWEST),)
