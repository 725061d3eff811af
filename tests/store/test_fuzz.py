"""Stores with bytes flipped, pages swapped and ends cut off: refused or read, never a crash."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.errors import InspectorError
from inspector.store.store import Store
from tests.builders import layouts
from tests.builders.layouts import Arc, Rec

PAGE = 512
FULL = os.environ.get("STIGMER_INSPECTOR_FUZZ") == "full"
RUNS = 12_000 if FULL else 500
BATCH = 50


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The content of a small store that has everything."""
    records = [
        *(Rec("agent", f"agt-{n:02}", bytes([n]) * (n * n)) for n in range(40)),
        *(Rec("skill", f"skill_audit/skl-{n % 3}/{1769373518 + n}") for n in range(9)),
        *(Rec("SKILL_AUDIT", f"skl-9/{n}") for n in range(3)),
        Rec("skill", "skl-1", bytes(3000)),
    ]
    path = layouts.create(
        tmp_path_factory.mktemp("fuzz") / "s.db",
        layouts.RESOURCES,
        layouts.SCHEMA_VERSION,
        layouts.AUDIT,
        records=records,
        archived=[Arc("skill", f"skl-{n % 4}", bytes(n * 40)) for n in range(20)],
        version=2,
        page_size=PAGE,
    )
    return path.read_bytes()


def _flip(content: bytearray, dice: random.Random) -> None:
    for _ in range(dice.choice((1, 1, 3, 20))):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)


def _overwrite_header(content: bytearray, dice: random.Random) -> None:
    page = dice.randrange(len(content) // PAGE)
    start = page * PAGE + (100 if page == 0 else 0)
    content[start : start + 12] = dice.randbytes(12)


def _swap(content: bytearray, dice: random.Random) -> None:
    pages = len(content) // PAGE
    one, other = (dice.randrange(pages) * PAGE for _ in range(2))
    kept = content[one : one + PAGE]
    content[one : one + PAGE] = content[other : other + PAGE]
    content[other : other + PAGE] = kept


def _blank(content: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(content) // PAGE) * PAGE
    content[start : start + PAGE] = bytes(PAGE)


def _cut(content: bytearray, dice: random.Random) -> None:
    del content[dice.randrange(len(content)) :]


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _flip,
    _overwrite_header,
    _swap,
    _blank,
    _cut,
)


def _read_everything(path: Path) -> int:
    """Ask every question; gives the number of records that could be read."""
    store = Store(path)
    store.facts()
    readable = 0
    for kind in store.kinds():
        page = store.rows(kind.kind)
        readable += sum(row.problem is None for row in page.rows)
        store.heads(kind.kind, descending=True, limit=5)
        store.anchors(kind.kind, 7)
        ids = [*(row.id for row in page.rows[:3]), *store.history.gone(kind.kind).rows]
        store.history.counts(kind.kind, ids)
        for id_ in ids:
            for _ in store.history.rows_of(kind.kind, id_):
                pass
    for table in store.tables():
        if table.rows is not None:
            store.table_page(table.name)
    for _ in store.raw_rows():
        pass
    store.close()
    return readable


@pytest.mark.parametrize("batch", range(RUNS // BATCH))
def test_a_spoiled_store_is_read_or_refused(batch: int, sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spoiled.db"
    for number in range(batch * BATCH, (batch + 1) * BATCH):
        dice = random.Random(number)
        content = bytearray(sound)
        dice.choice(MUTATIONS)(content, dice)
        path.write_bytes(content)
        try:
            _read_everything(path)
        except InspectorError as error:
            assert error.message
        except Exception as error:
            error.add_note(f"spoiled store number {number}")
            raise


def test_the_sound_store_is_read_whole(sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sound.db"
    path.write_bytes(sound)
    assert _read_everything(path) == 41
    assert Store(path).damage is None
