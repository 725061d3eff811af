"""Which file an import means."""

from __future__ import annotations

from pathlib import Path

from inspector.schema.own import OwnSchema, read_own
from tests.schema.protos import written


def file(package: str, *imports: str, field: str = "") -> str:
    lines = "".join(f'import "{name}";' for name in imports)
    return f'syntax = "proto3"; package {package}; {lines} message M {{ {field} }}'


def read(folder: Path, files: dict[str, str]) -> OwnSchema:
    return read_own(written(folder, files))


def test_it_may_count_from_a_folder_within(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        {
            "apis/a/a.proto": file("a", "b/b.proto", field="b.M m = 1;"),
            "apis/b/b.proto": file("b"),
        },
    )
    assert schema.problems == ()
    assert schema.types.messages["a.M"][0].type_name == "b.M"


def test_it_may_count_from_a_folder_around(tmp_path: Path) -> None:
    """A person may choose the folder of the package instead of the one it counts from."""
    files = {
        "ai/x/a/a.proto": file("a", "ai/x/b/b.proto", field="b.M m = 1;"),
        "ai/x/b/b.proto": file("b"),
    }
    written(tmp_path, files)
    assert read_own(tmp_path / "ai" / "x").problems == ()
    assert read_own(tmp_path / "ai" / "x").types == read_own(tmp_path).types


def test_of_several_it_is_the_one_beside_the_importing_one(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        {
            "one/x/a.proto": file("one", "x/b.proto", field="oneb.M m = 1;"),
            "one/x/b.proto": file("oneb"),
            "two/x/a.proto": file("two", "x/b.proto", field="twob.M m = 1;"),
            "two/x/b.proto": file("twob"),
        },
    )
    assert schema.problems == ()


def test_where_that_does_not_decide_it_is_none(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        {
            "a/a.proto": file("a", "x/b.proto", field="oneb.M m = 1;"),
            "one/x/b.proto": file("oneb"),
            "two/x/b.proto": file("twob"),
        },
    )
    assert schema.types.messages["a.M"] == ()
    assert schema.problems[0] == "x/b.proto is not here, though a/a.proto imports it."


def test_the_folder_that_was_chosen_comes_first(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        {
            "y/a.proto": file("a", "x/b.proto", field="oneb.M m = 1;"),
            "x/b.proto": file("oneb"),
            "y/x/b.proto": file("twob"),
        },
    )
    assert schema.problems == ()


def test_copies_of_a_file_are_one(tmp_path: Path) -> None:
    schema = read(
        tmp_path,
        {
            "a.proto": file("a", "b/b.proto", field="b.M m = 1;"),
            "b/b.proto": file("b"),
            "vendor/b/b.proto": file("b"),
            "vendor/c.proto": file("c", "vendor/b/b.proto", field="b.M m = 1;"),
        },
    )
    assert schema.problems == ()
    assert len(schema.types.messages) == 3


def test_it_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    written(tmp_path, {"secret.proto": file("secret")})
    imports = ("../secret.proto", "/etc/x.proto")
    schema = read(tmp_path / "in", {"a.proto": file("a", *imports, field="secret.M m = 1;")})
    assert schema.types.messages == {"a.M": ()}
    assert len(schema.problems) == 3
