"""Artifacts of skills: the real ones, and archives that mean no good."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import pytest

from inspector.decode.decoder import decode
from inspector.decode.record_summary import text
from inspector.history import artifacts
from inspector.history.archive import entries, entry_text, open_archive
from inspector.history.artifacts import Artifact, artifact_of, compare, folders
from inspector.history.record import Record
from inspector.session.session import Session
from inspector.session.version_outline import versions_of
from tests.builders.demo import wire
from tests.choices import chosen
from tests.places import REAL
from tests.releases import kind_info

CLEAN = REAL / "v2-clean"
STORE = CLEAN / "stigmer.db"


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def skill(key: str, digest: str = "") -> Record:
    info = kind_info("2026-01-26", "skill")
    assert info is not None
    status = wire.text(5, wire.text(1, digest) + wire.text(2, key))
    return Record("skill", "s", 0, None, None, chosen(None, ""), decode(status, info.message))


def stored(folder: Path, data: bytes, key: str = "skills/a.zip", digest: str = "") -> Artifact:
    path = folder / "storage" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    found = artifact_of(skill(key, digest), [folder / "storage"], folder / "stigmer.db")
    assert found is not None
    return found


def test_every_version_of_every_real_skill_has_the_artifact_its_hash_names() -> None:
    session = Session.open(STORE)
    places = folders(STORE, {}, Path("nowhere"))
    seen = 0
    for head in session.records("skill").rows:
        for version in versions_of(session, "skill", head.id):
            record = session.record("skill", head.id, version)
            found = artifact_of(record, places, STORE)
            assert found is not None
            assert found.problem == ""
            assert found.matches
            assert found.sha256 == version.version_hash
            assert found.path is not None
            assert found.size == len(found.path.read_bytes())
            assert found.entries[0].name == "SKILL.md"
            assert all(entry.is_text and not entry.note for entry in found.entries)
            read = entry_text(found.path, found.entries[0])
            assert record.tree is not None
            assert read.text == text(record.tree.root, "spec", "skill_md")
            seen += 1
    assert seen == 38


def test_nothing_is_unpacked_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setattr("tempfile.tempdir", os.fspath(temp))
    monkeypatch.chdir(temp)
    found = stored(tmp_path, zipped(("SKILL.md", b"x" * 3_000_000), ("a/b.py", b"pass")))
    before = {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")}
    assert found.path is not None
    assert [len(entry_text(found.path, one).text) for one in found.entries][1] == 4
    assert {one: one.stat().st_mtime_ns for one in tmp_path.rglob("*")} == before


def test_one_folder_after_the_other(tmp_path: Path) -> None:
    assert folders(tmp_path / "s.db", {"STORAGE_PATH": "/x"}, tmp_path / "home") == [
        Path("/x"),
        tmp_path.resolve() / "storage",
        tmp_path / "home/.stigmer/storage",
    ]
    assert folders(tmp_path / "s.db", {}, tmp_path)[0] == tmp_path.resolve() / "storage"


def test_missing_and_wrong_and_unnamed(tmp_path: Path) -> None:
    gone = artifact_of(skill("skills/none.zip"), [tmp_path], tmp_path / "stigmer.db")
    assert gone is not None
    assert gone.path is None
    assert gone.problem.startswith("Artifact not found.")
    data = zipped(("a", b"x"))
    assert stored(tmp_path, data, digest="0" * 64).matches is False
    assert stored(tmp_path, data, digest=hashlib.sha256(data).hexdigest()).matches is True
    assert stored(tmp_path, data).matches is None
    assert artifact_of(skill(""), [tmp_path], tmp_path / "stigmer.db") is None


@pytest.mark.parametrize("key", ["../stigmer.db", "/etc/passwd", "skills/../../stigmer.db", "a\0b"])
def test_a_key_that_leads_out_is_not_followed(tmp_path: Path, key: str) -> None:
    (tmp_path / "stigmer.db").write_bytes(zipped(("a", b"x")))
    found = artifact_of(skill(key), [tmp_path / "storage"], tmp_path / "stigmer.db")
    assert found is not None
    assert (found.path, found.entries) == (None, ())
    assert "not read" in found.problem


def test_links_out_folders_and_the_store_itself_are_not_read(tmp_path: Path) -> None:
    store = tmp_path / "stigmer.db"
    store.write_bytes(zipped(("a", b"x")))
    storage = tmp_path / "storage"
    storage.mkdir()
    (storage / "link.zip").symlink_to(store)
    (storage / "folder.zip").mkdir()
    os.link(store, storage / "same.zip")
    for name, word in (("link", "link out"), ("folder", "regular"), ("same", "own file")):
        found = artifact_of(skill(f"{name}.zip"), [storage], store)
        assert found is not None
        assert word in found.problem
        assert found.sha256 is None
    (storage / "wal.zip").write_bytes(b"")
    os.link(storage / "wal.zip", tmp_path / "stigmer.db-wal")
    found = artifact_of(skill("wal.zip"), [storage], store)
    assert found is not None
    assert "own file" in found.problem


def test_what_is_no_archive_still_has_its_hash(tmp_path: Path) -> None:
    for data in (b"", b"hello", b"PK\x05\x06", zipped(("a", b"x" * 500))[:-8]):
        found = stored(tmp_path, data)
        assert found.sha256 == hashlib.sha256(data).hexdigest()
        assert "zip" in found.problem
    bloated = bytearray(zipped(("a", b"x")))
    at = bloated.rfind(b"PK\x05\x06")
    bloated[at + 12 : at + 16] = (1 << 30).to_bytes(4, "little")
    assert "too large" in stored(tmp_path, bytes(bloated)).problem


def test_a_bomb_is_read_up_to_the_limit(tmp_path: Path) -> None:
    found = stored(tmp_path, zipped(("big.txt", b"a" * (30 << 20))))
    (entry,) = found.entries
    assert entry.size == 30 << 20
    assert "31,457,280 bytes" in entry.note
    assert found.path is not None
    read = entry_text(found.path, entry, most=1000)
    assert (len(read.text), read.cut) == (1000, True)


def test_odd_entries_are_said(tmp_path: Path) -> None:
    data = zipped(("/etc/x", b"1"), ("../y", b"2"), ("C:\\z", b"3"), ("d/", b""), ("b", b"\xff\0"))
    found = stored(tmp_path, data)
    assert ["leads out" in entry.note for entry in found.entries] == [True] * 3 + [False] * 2
    assert found.entries[3].is_directory
    assert [entry.is_text for entry in found.entries] == [True, True, True, None, False]
    assert found.path is not None
    assert entry_text(found.path, found.entries[0]).text == "1"
    assert entry_text(found.path, found.entries[3]).problem == "It is a folder."
    assert entry_text(found.path, found.entries[4]).problem == "It is not UTF-8 text."
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "skills", "storage"]


def test_encrypted_and_other_packing_and_broken(tmp_path: Path) -> None:
    plain = bytearray(zipped(("a", b"hello")))
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        plain[plain.index(mark) + at] |= 1
    encrypted = stored(tmp_path, bytes(plain))
    assert encrypted.entries[0].note == "It is encrypted."
    assert encrypted.path is not None
    assert entry_text(encrypted.path, encrypted.entries[0]).problem == "It is encrypted."
    other = stored(tmp_path, zipped(("a", b"hello" * 99), method=zipfile.ZIP_LZMA))
    assert "not supported" in other.entries[0].note
    broken = bytearray(zipped(("a", b"hello" * 99)))
    broken[35:40] = b"\xff" * 5
    found = stored(tmp_path, bytes(broken))
    assert found.entries[0].note.startswith("It cannot be unpacked")
    assert found.path is not None
    assert entry_text(found.path, found.entries[0]).problem.startswith("It cannot be unpacked")


def test_text_that_is_cut_within_a_character(tmp_path: Path) -> None:
    found = stored(tmp_path, zipped(("a", "é".encode() * 3000)))
    assert found.entries[0].is_text
    assert found.path is not None
    assert entry_text(found.path, found.entries[0], most=5).text == "éé"


def test_an_archive_that_was_replaced_is_said(tmp_path: Path) -> None:
    found = stored(tmp_path, zipped(("a", b"x")))
    stored(tmp_path, zipped(("b", b"x")))
    assert found.path is not None
    assert "replaced" in entry_text(found.path, found.entries[0]).problem


def test_entries_of_two_artifacts(tmp_path: Path) -> None:
    first = stored(tmp_path, zipped(("a", b"1"), ("b", b"1"), ("c", b"1")), "1.zip")
    second = stored(tmp_path, zipped(("b", b"1"), ("c", b"2"), ("d", b"1")), "2.zip")
    pairs = {pair.name: pair.change for pair in compare(first, second)}
    assert pairs == {"a": "removed", "b": "same", "c": "changed", "d": "added"}


def test_a_cut_or_flipped_archive_never_raises() -> None:
    whole = zipped(("a", b"hello" * 20), ("b/c", b"x"))
    for at in range(len(whole)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            archive = open_archive(io.BytesIO(damaged))
            if not isinstance(archive, str):
                with archive:
                    assert len(list(entries(archive))) <= 2


def test_each_folder_is_looked_in_once(tmp_path: Path) -> None:
    store = tmp_path / ".stigmer" / "stigmer.db"
    assert folders(store, {}, tmp_path) == [tmp_path / ".stigmer" / "storage"]
    named = {"STORAGE_PATH": str(tmp_path / ".stigmer" / "storage")}
    assert len(folders(store, named, tmp_path)) == 1


def test_a_hash_in_capitals_is_the_same(tmp_path: Path) -> None:
    data = zipped(("a.txt", b"a"))
    digest = hashlib.sha256(data).hexdigest()
    assert stored(tmp_path, data, digest=digest.upper()).matches
    assert stored(tmp_path, data, digest="0" * 64).matches is False


def test_what_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifacts, "_LARGEST", 10)
    found = stored(tmp_path, b"x" * 11)
    assert (found.sha256, found.entries) == (None, ())
    assert found.problem == "It has 11 bytes, which is too large to read."
    assert stored(tmp_path, b"x" * 10).sha256 is not None


def test_an_archive_of_the_large_form_is_not_listed() -> None:
    plain = zipped(("a.txt", b"a"))
    end = plain.rindex(b"PK\x05\x06")
    large = plain[:end] + b"PK\x06\x07" + bytes(16) + plain[end:]
    assert open_archive(io.BytesIO(large)) == "Its list of entries is too large."


def test_text_with_a_zero_byte_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped(("a", b"text"), ("b", b"te\0xt")))
    archive = open_archive(io.BytesIO(path.read_bytes()))
    assert isinstance(archive, zipfile.ZipFile)
    listed = list(entries(archive))
    assert [one.is_text for one in listed] == [True, False]
    assert [entry_text(path, one).problem for one in listed] == ["", "It is not UTF-8 text."]
