"""The fixtures of a store that is followed."""

from tests.gui.followed import driver, path, writer

__all__ = ["driver", "path", "writer"]
