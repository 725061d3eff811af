"""Pages of a store as of a commit: those in the log from there, the others from the database."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.store.live_pages import LivePages

if TYPE_CHECKING:
    from inspector.store.commits import Prefix


class PrefixPages:
    """The two files, open until they are closed. The process-wide lock must be held meanwhile."""

    def __init__(self, prefix: Prefix | LivePages) -> None:
        """Opens them.

        Raises:
            OSError: one of them is gone.
        """
        self._prefix = prefix
        with ExitStack() as stack:
            self._file = stack.enter_context(Path(prefix.path).open("rb", buffering=0))
            self._log = stack.enter_context(Path(f"{prefix.path}-wal").open("rb", buffering=0))
            self._opened = stack.pop_all()

    def read(self, page: int, start: int, length: int, last: int) -> bytes:
        """Bytes of a page, fewer where the file ends.

        Args:
            page: counted from 1.
            start: of the first byte in the page.
            length: how many bytes, all in the page.
            last: the last frame that counts.

        Raises:
            OSError: they cannot be read.
        """
        frame = self._prefix.log.frame_of(page, last)
        if frame is None:
            self._file.seek((page - 1) * self._prefix.page_size + start)
            return self._file.read(length)
        self._log.seek(self._prefix.log.offset(frame) + start)
        return self._log.read(length)

    @property
    def base_size(self) -> int:
        """The size of the database file itself, in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Closes them."""
        self._opened.close()
