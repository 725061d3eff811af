"""Blobs are named by their first bytes, in tables too, and never by what is only likely."""

from __future__ import annotations

import gzip
import random
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from inspector.session.blob_kind import blob_kind
from inspector.session.browse import table_rows
from inspector.session.session import Session

_NOISE = random.Random(15).randbytes(100_000)
NAMED = [
    (gzip.compress(b"text", mtime=0), "gzip"),
    (b"\x28\xb5\x2f\xfd\x00", "zstd"),
    (b"\x89PNG\r\n\x1a\n\x00", "PNG image"),
    (b"\xff\xd8\xff\xe0", "JPEG image"),
    (b' {"a": [1, null]}\n', "JSON"),
    (b"[]", "JSON"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP image"),
]
NAMED += [
    (zlib.compress(data, level), "zlib")
    for data in (b"", b"text", bytes(1 << 20), _NOISE)
    for level in (0, 1, 9)
]
NAMELESS = [
    *(zlib.compress(b"text")[:-1], zlib.compress(b"text") + b"\0", zlib.compress(b"text")[:3]),
    zlib.compress(b"text")[:-1] + b"\xff",
    *(b"", b"{", b"1", b'"text"', b"[1,]", b"\x08\x96\x01", UUID(int=7).bytes),
    *(b"RIFF\x00\x00\x00\x00WAVE", b"\x08\x1d\x01"),
]


@pytest.mark.parametrize(("data", "words"), NAMED, ids=range(len(NAMED)))
def test_a_blob_is_named_by_its_first_bytes(data: bytes, words: str) -> None:
    assert blob_kind(data) == words


@pytest.mark.parametrize("data", NAMELESS, ids=range(len(NAMELESS)))
def test_what_is_only_likely_is_not_told(data: bytes) -> None:
    assert blob_kind(data) == ""


def test_a_table_names_blobs_covered_or_not(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    data = gzip.compress(b"text", mtime=0)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t(body BLOB)")
        connection.execute("INSERT INTO t VALUES (?)", (data,))
    with closing(Session.open(path)) as session:
        for reveal in (False, True):
            (cell,) = table_rows(session, "t", reveal=reveal).rows[0]
            assert cell.text == f"gzip, {len(data)} bytes"
            assert cell.covered is not reveal


def test_noise_behind_the_head_of_zlib_is_not_called_so() -> None:
    chance = random.Random(15)
    heads = [bytes((one, two)) for one in range(8, 128, 16) for two in range(256)]
    found = [
        data
        for head in heads
        if (head[0] << 8 | head[1]) % 31 == 0
        for size in (8, 40, 400, 40_000)
        for _ in range(20)
        if blob_kind(data := head + chance.randbytes(size))
    ]
    assert found == []
