"""What tells by its bytes whether a blob may hold a text, and what takes them from SQLite.

Both are compiled where the program was built with a C compiler; Python does the same otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from inspector.compiled_part import compiled_part

if TYPE_CHECKING:
    from inspector.store import _blob_sieve as compiled

    AnySieve: TypeAlias = "BlobSieve | compiled.BlobSieve"

#: Whether a blob may hold what is sought; called within a read, so it has to be quick.
MayHold: TypeAlias = Callable[[bytes], bool]
#: What a sieve is called with for a row that is no record, and for one of another kind.
PASSED_OVER: Final = 0
BEYOND: Final = 1
#: Bytes that a row counts besides its blob, so that one statement does not look at millions.
_ROW: Final = 1024


class BlobFinder:
    """Whether a blob may hold a text, which begins by some bytes of it."""

    def __init__(
        self,
        anchor: bytes,
        ignore_case: bool,
        decides: bool,
        others: Sequence[bytes],
        closer: Callable[[bytes], bool] | None,
    ) -> None:
        """Takes the bytes.

        Args:
            anchor: not empty; small letters of ASCII where case is ignored.
            ignore_case: whether capital letters of ASCII are as good.
            decides: a blob with those bytes holds the text, or may.
            others: what may stand in its place; then, and where it does not decide, a closer look
                is taken.
            closer: that look.
        """
        self._anchor = anchor
        self._ignore_case = ignore_case
        self._decides = decides
        self._others = tuple(others)
        self._closer = closer

    def __call__(self, data: bytes) -> bool:
        """Whether a blob may hold it."""
        if self._anchor in (data.lower() if self._ignore_case else data):
            if self._decides:
                return True
        elif not any(one in data for one in self._others):
            return False
        return self._closer is None or self._closer(data)


class BlobSieve:
    """Looks at each row as SQLite comes to it, and ends the statement when that is enough.

    Which row is the last one SQLite alone knows: it is handed out like one that may hold it.

    Attributes:
        looked: how many rows it has looked at.
        found: the last of them may hold it.
        unread: it is nothing, or more than is loaded; it may hold it.
        full: no more rows are to be looked at by this statement.
        over: the last row is no longer one of those.
    """

    def __init__(self, may_hold: MayHold, room: int, row: int, beyond: int) -> None:
        """Takes what looks at a blob.

        Args:
            may_hold: it.
            room: bytes that are looked at by one statement.
            row: bytes that a row counts besides its blob.
            beyond: what stands for a row behind the last one.
        """
        self._may_hold = may_hold
        self._room, self._row, self._beyond = room, row, beyond
        self.looked = 0
        self.found = self.unread = self.full = self.over = False

    def __call__(self, data: bytes | int | None) -> bool:
        """Whether SQLite is to hand out the row of a blob, or of one of the numbers above."""
        self._room -= self._row
        self.found = False
        if isinstance(data, bytes):
            self.looked += 1
            self._room -= len(data)
            self.found = self._may_hold(data)
        elif data is None:
            self.looked += 1
            self.found = self.unread = True
        else:
            self.over = data == self._beyond
        if self._room < 0:
            self.full = True
        return self.found or self.full or self.over


def blob_finder(
    anchor: bytes,
    *,
    ignore_case: bool = False,
    decides: bool = True,
    others: Sequence[bytes] = (),
    closer: Callable[[bytes], bool] | None = None,
) -> MayHold:
    """As :class:`BlobFinder`, in the quickest form there is."""
    made = compiled_part("inspector.store._blob_sieve")
    kind = made.BlobFinder if made is not None else BlobFinder
    return kind(anchor, ignore_case, decides, others, closer)


def blob_sieve(may_hold: MayHold, room: int) -> AnySieve:
    """As :class:`BlobSieve`, in the quickest form there is."""
    made = compiled_part("inspector.store._blob_sieve")
    kind = made.BlobSieve if made is not None else BlobSieve
    return kind(may_hold, room, _ROW, BEYOND)
