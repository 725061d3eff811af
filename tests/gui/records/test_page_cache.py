"""Every row of a real store is listed, and what a page is stands in one place."""

from __future__ import annotations

import ast
from pathlib import Path
from threading import Event

import pytest

import inspector
from inspector.gui.records.page_cache import live_rows
from inspector.gui.records.row_order import heads_of
from inspector.session.session import Session
from inspector.store.rows import PAGE
from tests.builders import layouts
from tests.builders.layouts import Rec


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 5])
def test_every_record_is_listed_once(count: int, tmp_path: Path) -> None:
    ids = [f"a{number:05}" for number in range(count)]
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", one) for one in ids])
    cancel = Event()
    order = live_rows(Session.open(path), "agent").order(cancel, lambda *_: None)
    assert order.total == count
    assert [head.id for head in heads_of(order, [range(order.total)], cancel) if head] == ids


def test_the_size_of_a_page_is_defined_once() -> None:
    """Who counts pages and who reads them must mean the same."""
    defined = []
    for path in Path(inspector.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            names = [one.id for one in targets if isinstance(one, ast.Name)]
            if any(name.lstrip("_") == "PAGE" for name in names):
                defined.append(path.name)
    assert defined == ["rows.py"]
