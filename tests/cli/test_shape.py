"""How much of a store an answer looks at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inspector.store.archived_rows import History
from inspector.store.store import Store
from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call
from tests.cli.made import blobs, v2


@pytest.fixture
def path(tmp_path: Path) -> Path:
    agent = blobs("agent")[0]
    return v2(tmp_path, *(Rec("agent", f"a{number:04d}", agent) for number in range(600)))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each question is put to the store."""
    counts: Counter[str] = Counter()

    def counted(name: str, question: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any, **more: Any) -> Any:
            counts[name] += 1
            return question(*arguments, **more)

        return ask

    for name in ("facts", "kinds", "rows", "row", "heads"):
        monkeypatch.setattr(Store, name, counted(name, getattr(Store, name)))
    for name, method in (("versions", "versions"), ("version_row", "row")):
        monkeypatch.setattr(History, method, counted(name, getattr(History, method)))
    return counts


def test_one_record_is_one_look(path: Path, asked: Counter[str]) -> None:
    assert call("show", "agent", "a0300", "--db", path).code == 0
    assert asked["kinds"] == asked["rows"] == asked["versions"] == 0
    assert asked["row"] <= 2


def test_a_short_list_is_one_page(path: Path, asked: Counter[str]) -> None:
    assert len(call("list", "agent", "--limit", "1", "--json", "--db", path).json) == 1
    assert asked["kinds"] == 0
    assert asked["rows"] == asked["heads"] == 1


@pytest.mark.parametrize(
    "arguments",
    [("list", "agent"), ("show", "a0001"), ("export",), ("dump",), ("check",), ("kinds",)],
    ids=" ".join,
)
def test_the_file_as_a_whole_is_looked_at_once(
    arguments: tuple[str, ...], path: Path, asked: Counter[str]
) -> None:
    call(*arguments, "--db", path)
    assert asked["facts"] == 1


def test_a_version_is_read_only_where_its_row_does_not_tell(
    tmp_path: Path, asked: Counter[str]
) -> None:
    skill = blobs("skill")[0]
    path = v2(
        tmp_path,
        Rec("skill", "s", skill),
        *(
            Arc("skill", "s", skill[:number], version_hash=f"{number:064x}", tag="v")
            for number in range(100)
        ),
    )
    assert len(call("history", "skill", "s", "--json", "--db", path).json) == 100
    assert asked["version_row"] == 0
