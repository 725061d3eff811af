"""A connection that is switched: told once while it is on, and not at all while it is off."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.gui.switched_connection import SwitchedConnection


class _Bell(QObject):
    rung = Signal(int)


def test_a_slot_is_told_once_while_it_is_on() -> None:
    bell, heard = _Bell(), list[int]()
    connection = SwitchedConnection(bell.rung)
    for number, on in enumerate((False, True, True, False, False, True)):
        connection.switch(heard.append, on=on)
        assert connection.on is on
        bell.rung.emit(number)
    assert heard == [1, 2, 5]
