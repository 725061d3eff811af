"""What a window takes of memory for a large record beside a small one, in a process of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.memory import stored, taken
from tests.cli.test_memory import STATUS

pytestmark = pytest.mark.skipif(
    not STATUS.exists(), reason="the system does not say how much memory a process took"
)
SIZE = 8_000_000


@pytest.mark.parametrize(("tab", "of_both"), [("json", False), ("history", True)])
def test_a_long_text_takes_eight_bytes_for_each_byte_at_most(
    tmp_path: Path, tab: str, of_both: bool
) -> None:
    """Each copy of all of it, and each hole that the allocator keeps, is one more."""
    held = []
    for name, size in (("small", 1000), ("large", SIZE)):
        folder = tmp_path / name
        folder.mkdir()
        files, sizes = stored(folder, "text", size)
        most, note = taken(f"window-{tab}", files)
        assert most is not None, note
        held.append(most)
    small, large = held
    assert large - small < 8 * (sum(sizes) if of_both else sizes[0])
