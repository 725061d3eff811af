"""Regular expressions that mean the same on every Python that the project supports."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

import pytest

from tests.places import ROOT

#: A possessive group whose last alternative is not the one that never fits. Without that, Python
#: before 3.11.5 goes on after the part of the group that fitted.
_UNSAFE: Final = re.compile(r"(?<!\|\(\?!\))\)[*+?]\+|\(\?>")


def patterns(source: str) -> Iterator[str]:
    """All texts in a source that may be part of an expression."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value
            yield value if isinstance(value, str) else value.decode("latin-1")


@pytest.mark.parametrize(
    ("pattern", "safe"),
    [(r"(?:ab?)*+", 0), (r"(?>ab?)", 0), (r"(?:a|(?!))?+", 1), ("a++b", 1), ("(a+)+", 1)],
)
def test_a_group_that_may_fail_half_way_is_seen(pattern: str, safe: int) -> None:
    assert bool(_UNSAFE.search(pattern)) != bool(safe)


def test_no_group_of_ours_is_left_half_way() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {pattern}"
        for path in sorted((ROOT / "inspector").rglob("*.py"))
        for pattern in patterns(path.read_text(encoding="utf-8"))
        if _UNSAFE.search(pattern)
    ]
    assert not found
