"""What is written of a record, under which name, and never over the store."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inspector.errors import UsageError
from inspector.export.markdown import markdown
from inspector.gui.dialogs.file_names import file_name
from inspector.gui.text.record_json import export, json_of
from inspector.session.session import Session
from inspector.session.summaries import Record, Version
from tests.gui.builders import data, record

VERSION = Version(
    *("skill", "skl-1", 7, None, "skill", "2026-11-21T05:32:46Z"),
    version_hash="227184b7" + "0" * 56,
    tag="stable",
    size=3,
    live=False,
)


def at(version: Version | None) -> Record:
    made = record(data(1, "x"))
    return Record("skill", "skl-1", 3, None, version, made.choice, made.tree)


@pytest.mark.parametrize(
    ("version", "slug", "name"),
    [
        (None, "check-review-0", "skill-check-review-0.json"),
        (None, None, "skill-skl-1.json"),
        (VERSION, "check", "skill-check-stable.json"),
        (VERSION._replace(tag=None), "check", "skill-check-227184b7.json"),
        (VERSION._replace(tag=None, version_hash=None), "check", "skill-check-audit-7.json"),
        (None, "../../etc/pass wd", "skill-etc-pass-wd.json"),
    ],
)
def test_files_are_named_after_what_they_hold(
    version: Version | None, slug: str | None, name: str
) -> None:
    assert file_name(at(version), slug) == name


def test_a_long_slug_makes_a_name_that_fits() -> None:
    assert len(file_name(at(None), "x" * 1000)) <= 200


def test_an_export_is_the_json_with_a_final_line_break(tmp_path: Path) -> None:
    made = record(data(1, "x"), covered=("name",))
    sentence = export(made, tmp_path / "out.json", tmp_path / "store.db", reveal=False)
    assert (tmp_path / "out.json").read_text() == json_of(made, reveal=False).text + "\n"
    assert "[covered]" in (tmp_path / "out.json").read_text()
    assert "1 secret exported as [covered]" in sentence


def test_the_store_is_never_written(tmp_path: Path) -> None:
    store = tmp_path / "store.db"
    store.write_bytes(b"store")
    for path in (store, tmp_path / "store.db-wal"):
        with pytest.raises(UsageError):
            export(record(data(1, "x")), path, store, reveal=False)
    assert store.read_bytes() == b"store"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["store.db"]


def test_what_does_not_decode_is_written_as_its_envelope() -> None:
    written = json_of(record(b"\x0a\xff\xff"), reveal=False)
    assert written.why
    assert '"message": null' in written.text
    assert '"data": null' in written.text


def test_half_a_character_of_a_broken_id_is_written_as_the_command_line_does(
    tmp_path: Path,
) -> None:
    made = record(b"\x0a\xff\xff")
    odd = Record("skill", "skl-\udcff", 3, None, None, made.choice, made.tree)
    export(odd, tmp_path / "out.json", tmp_path / "store.db", reveal=False)
    assert "skl-\N{REPLACEMENT CHARACTER}" in (tmp_path / "out.json").read_text("utf-8")


def test_what_json_leaves_out_is_said_wherever_it_goes(tmp_path: Path) -> None:
    made = record(data(1, "x") + b"\xfa\x3e\x01y")
    written = json_of(made, reveal=False)
    assert written.lost == "Left out: 1 unknown field (<1007>)."
    sentence = export(made, tmp_path / "out.json", tmp_path / "store.db", reveal=False)
    assert sentence.endswith(f"out.json. {written.lost}")
    text = markdown(made, "x", written.text, lost=written.lost)
    assert "- JSON: Left out: 1 unknown field (\\<1007\\>)." in text
    assert json_of(record(data(1, "x")), reveal=False).lost == ""


def test_json_of_an_id_that_is_no_text_can_be_copied_and_says_so() -> None:
    made = record(b"\x0a\xff\xff")
    odd = Record('a"', "skl-\udcff", 3, None, None, made.choice, made.tree)
    written = json_of(odd, reveal=False)
    assert json.loads(written.text)["id"] == "skl-\N{REPLACEMENT CHARACTER}"
    assert written.lost == "Not valid UTF-8, written with U+FFFD: 1 byte."
    fence = markdown(odd, "x", written.text).split("```")[1].removeprefix("json")
    assert json.loads(fence)["kind"] == 'a"'


def test_every_record_of_the_demo_store_has_json() -> None:
    session = Session.demo()
    for kind in session.kinds():
        for head in session.records(kind.kind).rows:
            made = session.record(kind.kind, head.id)
            written = json_of(made, reveal=False)
            assert written.text
            assert (written.covered > 0) == (bool(made.covered) and not written.why)
