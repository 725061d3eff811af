"""A schema that a person brings: which form it is, what it is called, and what is refused."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest

from inspector.errors import SchemaError
from inspector.exit_codes import Exit
from inspector.schema import bounds
from inspector.schema.own import read_own
from tests.schema.protos import file_set, generated, simple, written

SOURCE = 'syntax = "proto3"; message M { string x = 1; }'

needs_posix = pytest.mark.skipif(os.name != "posix", reason="there are no such files here")


def refused(path: Path | str) -> SchemaError:
    with pytest.raises(SchemaError) as raised:
        read_own(path)
    assert "\n" not in raised.value.message
    return raised.value


def test_every_form_of_one_schema_has_the_same_types(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "set.binpb": file_set(simple()),
            "set without an ending": file_set(simple()),
            "one_pb2.py": generated(simple()),
            "sources/deep/a.proto": SOURCE,
            "generated/a_pb2.py": generated(simple()),
        },
    )
    forms = ("set.binpb", "set without an ending", "one_pb2.py", "sources", "generated")
    read = [read_own(tmp_path / name) for name in (*forms, "sources/deep/a.proto")]
    assert all(schema.types == read[0].types for schema in read)
    assert [schema.name for schema in read] == [*forms, "a.proto"]
    assert [schema.path for schema in read[:2]] == [tmp_path / name for name in forms[:2]]


def test_the_digest_is_that_of_the_content(tmp_path: Path) -> None:
    data = file_set(simple())
    path = written(tmp_path, {"set.binpb": data}) / "set.binpb"
    assert read_own(path).digest == hashlib.sha256(data).hexdigest()
    folder = written(tmp_path / "f", {"a.proto": SOURCE, "b.proto": 'syntax = "proto3";'})
    first = read_own(folder).digest
    assert read_own(folder).digest == first
    written(folder, {"notes.txt": "not read"})
    assert read_own(folder).digest == first
    (folder / "b.proto").rename(folder / "c.proto")
    assert read_own(folder).digest != first
    (folder / "c.proto").rename(folder / "b.proto")
    written(folder, {"b.proto": 'syntax = "proto3"; // changed'})
    assert read_own(folder).digest != first


def test_of_a_folder_with_both_the_sources_are_read(tmp_path: Path) -> None:
    other = simple("b.proto", "Other")
    schema = read_own(written(tmp_path, {"a.proto": SOURCE, "b_pb2.py": generated(other)}))
    assert list(schema.types.messages) == ["M"]
    assert schema.problems == ("1 *_pb2.py file was not read, since there are .proto files.",)


def test_a_relative_path_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(tmp_path / "mine", {"a.proto": SOURCE}))
    schema = read_own(".")
    assert (schema.name, schema.path) == ("mine", tmp_path / "mine")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere", "There is no file nowhere."),
        ("nul\0nul", "There is no file nul�nul."),
        ("x" * 300, "There is no file xxx"),
        ("x\x1b[2J", "There is no file x�[2J."),
    ],
)
def test_what_is_not_there_is_said(tmp_path: Path, name: str, said: str) -> None:
    error = refused(tmp_path / name)
    assert error.message.startswith(said)
    assert error.exit_code is Exit.UNREADABLE


def test_folders_without_a_schema_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "empty", {"notes.txt": "x"})
    said = "The folder empty holds no .proto and no *_pb2.py file."
    assert refused(tmp_path / "empty").message == said
    written(tmp_path / "enums", {"a.proto": 'syntax = "proto3"; enum E { A = 0; }'})
    assert refused(tmp_path / "enums").message == "enums declares no message."


@pytest.mark.parametrize("name", ["stigmer.sqlite", "stigmer.db", "x.db-wal", "x.db-shm"])
def test_a_database_is_not_even_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Closing it would take the locks of whoever reads it in this process."""
    path = written(tmp_path, {name: file_set(simple())}) / name
    monkeypatch.setattr(os, "open", None)
    assert refused(path).message == f"{name} is a database, not a schema."


def test_nor_is_what_has_the_companions_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, {"store": file_set(simple()), "store-wal": b""})
    monkeypatch.setattr(os, "open", None)
    assert refused(tmp_path / "store").message == "store is a database, not a schema."


@needs_posix
def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe").message == "pipe is not a regular file."
    assert refused("/dev/null").message == "null is not a regular file."
    os.mkfifo(tmp_path / "a.proto")
    assert refused(tmp_path).message == "a.proto is not a regular file."


@needs_posix
def test_links_that_lead_round_are_not_followed(tmp_path: Path) -> None:
    folder = written(tmp_path / "f", {"in/a.proto": SOURCE, ".git/b.proto": "not read"})
    (folder / "in" / "round").symlink_to(folder)
    (folder / "in" / "linked.txt").symlink_to(folder / "in" / "a.proto")
    schema = read_own(folder)
    assert list(schema.types.messages) == ["M"]
    assert schema.problems == ("in/round is a link to a folder, which was not followed.",)
    (folder / "own.proto").symlink_to("own.proto")
    assert refused(folder).message.startswith("own.proto cannot be read: ")
    (tmp_path / "link").symlink_to(tmp_path / "link")
    assert refused(tmp_path / "link").message == "There is no file link."
    (tmp_path / "good").symlink_to(folder / "in")
    assert read_own(tmp_path / "good").name == "good"


@pytest.mark.skipif(sys.platform != "linux", reason="names are text here")
def test_names_that_are_no_text_are_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.proto")
    schema = read_own(written(tmp_path, {name: SOURCE}))
    assert list(schema.types.messages) == ["M"]
    written(tmp_path, {name: "?"})
    assert refused(tmp_path).message.startswith("\\udcff\\udcfe.proto, line 1: ")


def test_too_many_files_or_folders_are_refused(tmp_path: Path) -> None:
    deep = written(tmp_path / "deep", {"d/" * 40 + "a.proto": SOURCE})
    assert "folders more than 32 levels deep" in refused(deep).message
    many = tmp_path / "many"
    many.mkdir()
    for number in range(bounds.FOLDER_FILES + 1):
        (many / f"{number}.proto").touch()
    assert "more than the 10,000 files" in refused(many).message
    for number in range(30_001 - bounds.FOLDER_FILES):
        (many / f"{number}.txt").touch()
    error = refused(many)
    assert "more than 30,000 files" in error.message
    assert error.hint == "Choose the folder that holds the schema alone."


def test_too_large_files_are_refused(tmp_path: Path) -> None:
    one = written(tmp_path / "one", {"a.proto": b"\n" * (bounds.FOLDER_TEXT + 1)})
    assert refused(one).message == "a.proto is larger than the 6 MiB that are read of a schema."
    assert "larger than the 6 MiB" in refused(one / "a.proto").message
    all_ = written(tmp_path / "all", {f"{n}.proto": b"\n" * bounds.FOLDER_TEXT for n in range(11)})
    assert refused(all_).message == "all holds more than the 64 MiB that are read of a schema."


def test_progress_is_told(tmp_path: Path) -> None:
    folder = written(tmp_path, {"a.proto": SOURCE, "b.proto": "", "c.proto": ""})
    told: list[tuple[int, int]] = []
    read_own(folder, None, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
