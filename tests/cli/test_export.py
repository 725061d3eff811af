from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.builders.layouts import Arc, Rec
from tests.cli.calls import call, compact, document, failed
from tests.cli.made import blank_root, blobs, v2
from tests.places import REAL

STORE = REAL / "v2-clean" / "stigmer.db"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A store with a rollback journal's and WAL's names free beside it."""
    return Path(shutil.copyfile(STORE, tmp_path / "stigmer.db"))


def damage_keys(path: Path) -> None:
    """A copy of the store in which the fourth page, with keys of records, is overwritten."""
    content = bytearray(STORE.read_bytes())
    content[3 * 4096 : 4 * 4096] = b"\xff" * 4096
    path.write_bytes(content)


def messages(kind: str) -> list[object]:
    listed = call("list", kind, "--json", "--db", STORE).json
    return [call("show", kind, one["id"], "--db", STORE).json for one in listed]


def test_one_record_is_what_show_gives(tmp_path: Path) -> None:
    for more in ((), ("--envelope",), ("--version", "stable"), ("--reveal-secrets",)):
        arguments = ("skill", "reconcile-invoices", *more, "--demo")
        shown = call("show", *arguments).out
        assert call("export", *arguments).out == shown
        assert call("export", *arguments, "--format", "json").out == shown
        out = tmp_path / "one.json"
        answer = call("export", *arguments, "-o", out)
        assert (answer.code, answer.out, out.read_bytes()) == (0, b"", shown)
        assert answer.notes[-1] == f"note: 1 record of skill written to {out}."


def test_what_one_record_covers_and_leaves_out_is_said(tmp_path: Path) -> None:
    arguments = ("agent", "agt-01kg4szspq54n2pjsqzb57zncz", "--demo")
    shown = call("show", *arguments)
    assert any("left out" in note for note in shown.notes)
    for target in ((), ("-o", tmp_path / "one.json")):
        notes = call("export", *arguments, *target).notes
        assert notes[:-1] == shown.notes
        assert notes[-1].startswith("note: 1 record of agent written")


@pytest.mark.parametrize("kind", ["api_key", "environment", "mcp_server", "oauth_app"])
def test_all_secrets_that_are_covered_are_counted(kind: str) -> None:
    """Also those of records that are written without a tree."""
    answer = call("export", kind, "--demo")
    count = answer.out.count(b'"[covered]"')
    assert count > 1
    told = f"note: {count} secrets are covered; --reveal-secrets shows them"
    assert told in answer.notes


def test_several_are_lines_or_an_array(tmp_path: Path) -> None:
    wanted = messages("environment")
    lines = call("export", "environment", "--db", STORE)
    assert lines.out == compact(wanted)
    assert lines.notes[-1] == f"note: {len(wanted)} records ({len(wanted)} of environment) written."
    assert call("export", "environment", "--format", "json", "--db", STORE).out == document(wanted)
    for name, form, text in (
        ("a.ndjson", (), compact(wanted)),
        ("a.txt", (), compact(wanted)),
        ("a.json", (), document(wanted)),
        ("a.JSON", (), document(wanted)),
        ("b.json", ("--format", "ndjson"), compact(wanted)),
        ("b.txt", ("--format", "json"), document(wanted)),
    ):
        assert call("export", "environment", "-o", tmp_path / name, *form, "--db", STORE).code == 0
        assert (tmp_path / name).read_bytes() == text


def test_a_kind_without_live_records_is_an_empty_array(tmp_path: Path) -> None:
    path = v2(tmp_path, Arc("skill", "gone", blobs("skill")[0]))
    assert call("export", "skill", "--format", "json", "--db", path).out == b"[]\n"
    assert call("export", "skill", "--db", path).out == b""
    (version,) = call("export", "skill", "--history", "--db", path).lines
    assert (version["id"], version["version"]["auditId"]) == ("gone", 1)


def test_history_gives_envelopes_live_first() -> None:
    envelopes = call("export", "skill", "--history", "--demo").lines
    ids = [one["id"] for one in envelopes]
    assert ids == sorted(ids)
    assert any(one["version"] is None for one in envelopes)
    for id_ in set(ids):
        own = [one for one in envelopes if one["id"] == id_]
        versions = call("history", "skill", id_, "--json", "--demo").json
        archived = [one["version"] for one in own if one["version"] is not None]
        assert archived == [
            {key: one[key] for key in ("auditId", "legacyKey", "archivedAt", "versionHash", "tag")}
            for one in versions
        ]
        assert own[0]["version"] is None or len(own) == len(versions)
    some = call("export", "skill", "reconcile-invoices", "--history", "--demo").lines
    assert some == [one for one in envelopes if one["id"] == some[0]["id"]]
    array = call("export", "skill", "--history", "--format", "json", "--demo")
    assert array.out == document(envelopes)


def test_one_of_several_that_does_not_decode_is_an_envelope() -> None:
    exported = call("export", "session", "--demo")
    assert exported.code == 0
    envelopes = [one for one in exported.lines if "problems" in one]
    assert [(one["message"], one["data"]) for one in envelopes] == [(None, None)]
    assert any("raw payload" in note for note in exported.notes)
    everything = call("export", "--demo").out.count(b"\n")
    assert everything == call("info", "--json", "--demo").json["records"]


@pytest.mark.parametrize("name", ["stigmer.db", "stigmer.db-wal", "stigmer.db-shm",
                                  "stigmer.db-journal", "./sub/../stigmer.db"])  # fmt: skip
def test_the_store_is_never_written_over(name: str, copy: Path) -> None:
    (copy.parent / "sub").mkdir()
    before = copy.read_bytes()
    for arguments in (("export",), ("export", "skill", "check-review-0")):
        answer = call(*arguments, "-o", f"{copy.parent}/{name}", "--db", copy)
        assert "store's own file" in failed(answer, 2)
    assert copy.read_bytes() == before
    assert {one.name for one in copy.parent.iterdir()} == {"sub", "stigmer.db"}


def test_nor_through_links(copy: Path) -> None:
    folder = copy.parent
    (folder / "link").symlink_to(copy)
    (folder / "to-wal").symlink_to("stigmer.db-wal")
    os.link(copy, folder / "hard")
    (folder / "other").symlink_to(folder)
    before = copy.read_bytes()
    for name in ("link", "to-wal", "hard", "other/stigmer.db"):
        for store in (copy, folder / "link"):
            failed(call("export", "-o", folder / name, "--db", store), 2)
    assert copy.read_bytes() == before


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    out.chmod(0o640)
    with out.open() as before:
        assert call("export", "skill", "-o", out, "--db", STORE).code == 0
        assert before.read() == "old"
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert json.loads(out.read_bytes()) == messages("skill")
    assert list(tmp_path.iterdir()) == [out]


def test_what_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("out.json")
    assert call("export", "skill", "-o", tmp_path / "link", "--db", STORE).code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "out.json").stat().st_size


def test_a_failure_keeps_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")
    damaged = tmp_path / "damaged.db"
    damage_keys(damaged)
    failed(call("export", "agent", "nobody", "-o", out, "--db", STORE), 4)
    os.truncate(damaged, 8192)
    failed(call("export", "-o", out, "--db", damaged), 3)
    bad = next(one for one in call("list", "run", "--json", "--demo").json if "problem" in one)
    failed(call("export", "run", bad["id"], "-o", out, "--demo"), 5)
    assert out.read_text() == "old"
    assert {one.name for one in tmp_path.iterdir()} == {"out.json", "damaged.db"}


def test_damage_in_the_middle_keeps_what_was_read(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    damage_keys(damaged)
    whole = call("export", "--db", STORE).lines
    for form in ("ndjson", "json"):
        answer = call("export", "--format", form, "--db", damaged)
        assert answer.code == 1
        assert any("damaged" in note for note in answer.notes)
        found = answer.lines if form == "ndjson" else answer.json
        assert sum(one in whole for one in found) > 10


def test_what_can_be_read_of_a_damaged_file_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    damaged, out = tmp_path / "damaged.db", tmp_path / "out.ndjson"
    damage_keys(damaged)
    out.write_text("old")
    answer = call("export", "-o", out, "--db", damaged)
    assert answer.code == 1
    assert any("damaged" in note for note in answer.notes)
    assert out.read_bytes() == call("export", "--db", damaged).out


def test_a_row_that_cannot_be_read_is_an_envelope(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    content = bytearray(STORE.read_bytes())
    content[100_000:300_000] = bytes(200_000)
    damaged.write_bytes(content)
    whole = call("export", "--db", STORE).lines
    answer = call("export", "--db", damaged)
    assert answer.code == 1
    found = answer.lines
    assert len(found) == len(whole)
    bad = [one for one in found if one not in whole]
    assert {one["problems"][0]["code"] for one in bad} == {"bad-page"}
    assert any(f"{len(bad)} of them do not decode" in note for note in answer.notes)


@pytest.mark.parametrize("more", [(), ("--format", "json"), ("--envelope",)])
def test_where_nothing_can_be_read_nothing_is_written(
    more: tuple[str, ...], tmp_path: Path
) -> None:
    """An index still names the records, whose rows are all gone."""
    records = [Rec("skill", f"skl-{n:04}", bytes(2000)) for n in range(30)]
    path = v2(tmp_path, *records, Arc("skill", "skl-0001"))
    blank_root(path, "resources")
    blank_root(path, "idx_audit_tag")
    assert "damaged" in failed(call("export", *more, "--db", path), 3)


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.json"
    out.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "No space left" in failed(call("export", "skill", "-o", out, "--db", STORE), 5)
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]
