"""A bug is told once, then counted."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from inspector.gui.crash import CrashLog


def raised(number: int) -> Exception:
    try:
        raise ValueError(number)
    except ValueError as error:
        return error


def test_repeats_are_folded(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    log, told = CrashLog(), list[str]()
    log.crashed.connect(told.append)
    for number in range(100):
        log.report(raised(number))
    assert len(told) == 1
    assert list(log.counts.values()) == [100]
    assert capsys.readouterr().err.count("Traceback") == 1


def test_another_bug_is_told_too(qapp: QApplication) -> None:
    log, told = CrashLog(), list[str]()
    log.crashed.connect(told.append)
    log.report(raised(1))
    log.report(KeyError("x"))
    assert len(told) == 2
