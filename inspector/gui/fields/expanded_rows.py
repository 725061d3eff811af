"""Which rows of a field tree are open and where its cursor is, for when a record comes back."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.gui.fields.field_items import path_of
from inspector.gui.fields.field_tree import FieldTree
from inspector.gui.settings.file_state import OpenedFields
from inspector.session.summaries import Record


class ExpandedRows:
    """What one tree had open, record by record, the one that was left last at the end."""

    def __init__(self, tree: FieldTree) -> None:
        self._tree = tree
        self._opened: dict[tuple[str, str], tuple[set[str], str]] = {}

    def keep(self, record: Record) -> None:
        """Remember how the tree shows a record."""
        item = self._tree.current()
        path = path_of(item) if item is not None else ""
        self._opened.pop((record.kind, record.id), None)
        self._opened[record.kind, record.id] = (self._tree.opened(), path)

    def reopen(self, record: Record) -> bool:
        """Show a record as it was left; False where the cursor cannot be put back.

        A record that was never left is opened as far as its first levels.
        """
        opened, path = self._opened.get((record.kind, record.id), (set(), ""))
        if opened:
            self._tree.open_paths(opened)
        else:
            self._tree.open_first()
        return self._tree.go_to(path)

    def fields(self) -> list[OpenedFields]:
        """All that is remembered, newest record last."""
        return [
            OpenedFields(kind, id_, cursor, tuple(sorted(paths)))
            for (kind, id_), (paths, cursor) in self._opened.items()
        ]

    def take(self, opened: Sequence[OpenedFields]) -> None:
        """Remember these too."""
        for one in opened:
            self._opened[one.kind, one.id] = (set(one.paths), one.cursor)
