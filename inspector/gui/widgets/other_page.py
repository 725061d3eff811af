"""A page that takes the place of a list of records."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from inspector.gui.widgets.search_field import SearchField


class OtherPage(QWidget):
    """What stands in the middle pane and is neither records nor a table."""

    filter: SearchField

    def view(self) -> QWidget:
        """What takes the focus."""
        raise NotImplementedError
