"""The columns of a list of records."""

from __future__ import annotations

from typing import Final

from inspector.gui.columns import Column

RECORD_COLUMNS: Final = (
    Column("mark", "", 8, spoken="Mark"),
    Column("name", "Name", 140, stretch=True),
    Column("state", "State", 114, drop=6, sample="In progress 00"),
    Column("id", "ID", 116, drop=3),
    Column("key", "Key", 264, drop=7, off=True),
    Column("updated", "Updated", 160, drop=4, sample="2026-11-21 05:32:48"),
    Column("bytes", "Bytes", 64, right=True, drop=2, sample="99,999,999"),
    Column("versions", "Ver.", 44, right=True, drop=5, off=True),
    Column("org", "Organization", 110, drop=1, off=True),
)
KEYS: Final = tuple(column.key for column in RECORD_COLUMNS)
