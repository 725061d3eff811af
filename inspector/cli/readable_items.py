"""What of a list can be read of a file that may be damaged, and what ended it early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from inspector.cli.output import Output
from inspector.errors import StoreError
from inspector.exit_codes import Exit
from inspector.plurals import counted

T = TypeVar("T")


class ReadableItems(Iterator[T], Generic[T]):
    """The items of a list as far as they can be read, told as they go by.

    Attributes:
        damage: what ended them early, None where nothing did.

    Raises:
        StoreError: not even the first can be read.
    """

    def __init__(self, items: Iterator[T], what: str, output: Output) -> None:
        """Takes the items, what one of them is called, and where it is said how far it is."""
        self._items = items
        self._what = what
        self._output = output
        self._seen = 0
        self.damage: StoreError | None = None

    def __next__(self) -> T:
        try:
            item = next(self._items)
        except StoreError as error:
            if not self._seen:
                raise
            self.damage = error
            raise StopIteration from None
        self._seen += 1
        self._output.progress(counted(self._seen, self._what))
        return item

    def end(self) -> int:
        """Says what ended them early; the exit code."""
        if self.damage is None:
            return Exit.DONE
        self._output.note(str(self.damage))
        return Exit.NO
