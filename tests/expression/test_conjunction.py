"""A test that is added to an expression leaves what was asked before, and never contradicts it."""

from __future__ import annotations

import pytest

from inspector.expression.conjunction import also
from inspector.expression.grammar import parse


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "r.a == 1"),
        ("r.b == 2", "r.b == 2 && r.a == 1"),
        ("r.a == 2", "r.a == 1"),
        ("r.b > 1 && r.a == 2 && r.c", "r.b > 1 && r.c && r.a == 1"),
        ("r.a != 2", "r.a != 2 && r.a == 1"),
        ("r.b || r.c", "(r.b || r.c) && r.a == 1"),
        ("r.b ? r.c : r.d", "(r.b ? r.c : r.d) && r.a == 1"),
        ("r.b == ' && '", "(r.b == ' && ') && r.a == 1"),
        ("(r.b && r.c)", "((r.b && r.c)) && r.a == 1"),
        ("r.b ==", "r.a == 1"),
    ],
)
def test_it_asks_for_both(text: str, wanted: str) -> None:
    assert also(text, "r.a == 1") == wanted
    parse(wanted)
