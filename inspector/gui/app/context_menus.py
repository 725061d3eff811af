"""What the Menu key and the right button offer on each view: actions of the menus, no others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from inspector.gui.actions import SEPARATOR, Actions

if TYPE_CHECKING:
    from inspector.gui.record.record_pane import RecordPane

_RECORD: Final = ("copy_json", "copy_markdown", "copy_command", "copy_id")
_FIELDS: Final = (
    *("follow", "uncover", "open_below", SEPARATOR),
    *("copy", "copy_path", "copy_tree", SEPARATOR, *_RECORD, SEPARATOR),
    *("filter_by_value", "field_history", "referrers", "export"),
)
_ROWS: Final = (
    *("copy", *_RECORD, SEPARATOR, "export_rows", "export", "bundle", SEPARATOR),
    *("referrers", "compare_record", "compare_rows", "go_to", "again"),
)
_TABLE: Final = (
    *("copy", SEPARATOR, "sort_column", "read_as", "show_time", SEPARATOR),
    *("row_history", "compare_table_rows", "export_table", SEPARATOR, "again"),
)
_JSON: Final = (
    *("copy", "copy_json", "copy_path", SEPARATOR, "uncover", "wrap_json", SEPARATOR),
    *("fold", "unfold", "fold_all", "unfold_all", SEPARATOR, "export"),
)
_EVENT: Final = ("copy", "copy_json", "export_events")
_EVENT_FIELDS: Final = (
    *("follow", "uncover", "open_below", SEPARATOR),
    *("copy", "copy_path", "copy_tree", "copy_json", SEPARATOR, "export_events"),
)
_BLOB: Final = (*("uncover", "open_below", SEPARATOR, "copy", "copy_path", SEPARATOR, "read_as"),)
_VERSIONS: Final = (
    *("open_version", "live", "open_state", SEPARATOR),
    *("mark_base", "against_previous", "against_live", SEPARATOR),
    *("copy", "copy_hash", "copy_tag", "copy_json", "copy_command", "export"),
)
_DIFFERENCE: Final = (
    *("next_change", "last_change", SEPARATOR, "only_changes", "side_by_side", SEPARATOR),
    *("copy_difference", "export_difference"),
)


def offer(
    actions: Actions, kinds: QWidget, records: QWidget, tables: QWidget, record: RecordPane
) -> None:
    """Gives every view its menu.

    Args:
        actions: of the window.
        kinds: the kinds at the left.
        records: the table of records.
        tables: the rows of a table.
        record: the record with its views.
    """
    views: tuple[tuple[QWidget, tuple[str, ...]], ...] = (
        (record.tree, _FIELDS),
        (records, _ROWS),
        (record.json.view, _JSON),
        (record.history.table, _VERSIONS),
        (record.events.table, _EVENT),
        (tables, _TABLE),
        (record.row.table, ("copy", "uncover", SEPARATOR, "sort_column", "read_as", "show_time")),
        (record.history.difference.tree, _DIFFERENCE),
        (record.history.difference.text, ("copy", SEPARATOR, *_DIFFERENCE)),
        (kinds, ("export_kind", SEPARATOR, "go_to", "again")),
    )
    for view, names in views:
        _put(actions, view, names)
    record.events.made.connect(lambda: _offer_event(actions, record))
    record.row.blob_made.connect(lambda: _offer_blob(actions, record))


def _offer_event(actions: Actions, record: RecordPane) -> None:
    """The same for the views of an event, which are made when there is one."""
    area = record.events.area
    if area is not None:
        _put(actions, area.views.tree, _EVENT_FIELDS)
        _put(actions, area.views.json.view, _EVENT)


def _offer_blob(actions: Actions, record: RecordPane) -> None:
    """The same for the views of a blob."""
    blob = record.row.blob
    if blob is not None:
        _put(actions, blob.message.views.tree, _BLOB)
        _put(actions, blob.message.views.json.view, ("copy", SEPARATOR, "wrap_json", "read_as"))


def _put(actions: Actions, view: QWidget, names: tuple[str, ...]) -> None:
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
    view.addActions([_action(actions, name, view) for name in names])


def _action(actions: Actions, name: str, view: QWidget) -> QAction:
    if name != SEPARATOR:
        return actions[name]
    line = QAction(view)
    line.setSeparator(True)
    return line
