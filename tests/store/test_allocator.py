"""What the allocator keeps and gives back once a large blob was read, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.places import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is set")
#: Says how many pages were asked of the system for a hundred copies of half a megabyte.
CHILD = """
import resource
from inspector.store.allocator import expect_blocks
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
expect_blocks(1 << 20)
data = b"a" * 600_000
for _ in range(5):
    data + b"b"
before = faults()
for _ in range(100):
    data + b"b"
print(faults() - before)
"""


def test_memory_of_usual_records_is_used_again() -> None:
    """A heap that keeps but 128 KB of what is free asks for 150 pages for each copy."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 1000
