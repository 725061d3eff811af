"""Flags that are set after they were looked at so many times."""

from __future__ import annotations


class SetAfter:
    """Is set once it was asked a number of times.

    Attributes:
        left: how often it says no still; below zero once it has said yes.
    """

    def __init__(self, asked: int) -> None:
        self.left = asked

    def is_set(self) -> bool:
        """Whether to stop."""
        self.left -= 1
        return self.left < 0
