"""``--schema`` with a schema of one's own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.schema.pools import descriptor_set
from tests.cli.calls import call, failed
from tests.places import REAL
from tests.releases import JANUARY_26, NEWEST
from tests.schema.protos import written

AGENT = "agt-01kfdfwx1j15q941f3w39t51qr"
STORE = REAL / "v2-clean" / "stigmer.db"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The newest release as a descriptor set."""
    return written(tmp_path, {"mine.binpb": descriptor_set(NEWEST)}) / "mine.binpb"


def envelope(schema: str | Path) -> dict[str, object]:
    answer = call("show", "agent", AGENT, "--envelope", "--demo", "--schema", schema)
    assert answer.code == 0
    found: dict[str, object] = answer.json
    return found


def test_a_record_is_read_as_by_the_release_that_it_is(mine: Path) -> None:
    own, published = envelope(mine), envelope(NEWEST)
    assert own.pop("schema") == "mine.binpb"
    assert published.pop("schema") == NEWEST
    assert own == published


@pytest.mark.parametrize("release", [JANUARY_26, NEWEST])
@pytest.mark.parametrize("command", ["dump", "export"])
def test_all_records_are(tmp_path: Path, release: str, command: str) -> None:
    path = written(tmp_path, {"mine.binpb": descriptor_set(release)}) / "mine.binpb"
    own, published = (
        call(command, "--db", STORE, "--schema", schema) for schema in (path, release)
    )
    assert own.code == published.code
    # A record without a schema says which one does not know it.
    assert own.out.replace(b"mine.binpb", release.encode()) == published.out


def test_its_name_stands_where_the_schema_is_named(mine: Path) -> None:
    own = call("info", "--json", "--demo", "--schema", mine).json["schema"]
    published = call("info", "--json", "--demo", "--schema", NEWEST).json["schema"]
    assert own == [{"name": "mine.binpb", "why": "asked for", "records": own[0]["records"]}]
    assert own[0]["records"] == published[0]["records"]
    assert "Schema:   mine.binpb: " in call("info", "--demo", "--schema", mine).out.decode()


def test_a_kind_it_does_not_know_is_an_unknown_one(mine: Path) -> None:
    sentence = failed(call("show", "workflow", "--demo", "--schema", mine, "x"), 4)
    assert "workflow" in sentence
    rows = call("kinds", "--json", "--demo", "--schema", mine).json
    unknown = next(row for row in rows if row["kind"] == "workflow_execution")
    assert (unknown["displayName"], unknown["group"]) == ("workflow_execution", "")
    listed = call("list", "workflow_execution", "--json", "--demo", "--schema", mine).json
    sentence = failed(
        call("show", "workflow_execution", listed[0]["id"], "--demo", "--schema", mine), 5
    )
    assert "mine.binpb does not know this kind" in sentence


OWN = """
syntax = "proto3"; package mine;
message Agent { string api_version = 1; string kind = 2; Meta metadata = 3; Spec spec = 4; }
message Meta { string renamed = 1; %s }
message Spec { string text = 1; }
"""


def test_names_are_its_own_and_what_it_does_not_know_has_none(tmp_path: Path) -> None:
    folder = written(tmp_path / "protos", {"a.proto": OWN % "string slug_of_mine = 2;"})
    answer = call("show", "agent", AGENT, "--demo", "--schema", folder)
    assert answer.json["metadata"] == {"renamed": "Support Triage", "slugOfMine": "support-triage"}
    assert answer.notes[0].startswith("note: left out: ")
    found = envelope(folder)
    assert found["schema"] == "protos"
    fields = found["unknownFields"]
    assert isinstance(fields, list)
    assert fields[0]["path"] == "metadata.<3>"


def test_what_of_it_is_not_shown_by_name_is_a_note(tmp_path: Path) -> None:
    folder = written(tmp_path / "protos", {"a.proto": OWN % "gone.Type slug = 2;"})
    answer = call("show", "agent", AGENT, "--demo", "--schema", folder)
    assert answer.json["metadata"] == {"renamed": "Support Triage"}
    assert answer.notes[-1] == (
        "note: protos: a.proto, line 4: mine.Meta.slug (2) cannot be read by name, since its type"
        " gone.Type is not here."
    )
    many = "".join(f"gone.Type x{number} = {number};" for number in range(2, 12))
    written(folder, {"a.proto": OWN % many})
    notes = call("kinds", "--demo", "--schema", folder).notes
    assert len(notes) == 6
    assert notes[-1] == "note: 5 more like these"


def test_a_secret_is_covered_whatever_it_is_called(tmp_path: Path) -> None:
    """The releases know that it is one."""
    rows = call("list", "environment", "--json", "--demo").json
    shown = {}
    for row in rows:
        answer = call("show", row["id"], "--demo", "--schema", "3.41.0")
        shown[row["id"]] = answer.out.count(b'"[covered]"') if answer.code == 0 else 0
    id_ = max(shown, key=lambda one: shown[one])
    assert shown[id_]
    own = """
        syntax = "proto3"; package mine; message Meta {}
        message Environment { string api_version = 1; string kind = 2; Meta metadata = 3;
                              Spec spec = 4; }
        message Spec { string d = 1; map<string, Value> data = 2; map<string, Value> more = 3; }
        message Value { string plain_text = 1; bool flag = 2; string words = 3; }
    """
    folder = written(tmp_path / "protos", {"a.proto": own})
    answer = call("show", id_, "--demo", "--schema", folder)
    assert answer.code == 0
    assert answer.out.count(b'"[covered]"') == shown[id_]
    revealed = call("show", id_, "--demo", "--schema", folder, "--reveal-secrets")
    assert b"plainText" in answer.out
    assert b'"[covered]"' not in revealed.out


def test_it_may_be_given_from_where_one_is(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mine.parent)
    assert envelope("mine.binpb")["schema"] == "mine.binpb"
    assert envelope("./mine.binpb")["schema"] == "mine.binpb"


def test_a_release_comes_before_a_file_of_its_name(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mine.parent)
    (mine.parent / NEWEST).write_bytes(b"no schema")
    assert envelope(NEWEST)["schema"] == NEWEST
    assert "is no wheel and no descriptor set" in failed(
        call("kinds", "--demo", "--schema", f"./{NEWEST}"), 3
    )


def test_what_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "There is no schema 'mine.whl'." in failed(
        call("kinds", "--demo", "--schema", "mine.whl"), 2
    )
    gone = failed(call("kinds", "--demo", "--schema", tmp_path / "mine.whl"), 3)
    assert gone == "There is no file mine.whl."
    wrong = written(tmp_path, {"protos/a.proto": "\nmessage {}"}) / "protos"
    sentence = failed(call("kinds", "--demo", "--schema", wrong), 3)
    assert sentence == "a.proto, line 2: a name is expected, not '{'."


def test_the_store_itself_is_no_schema(tmp_path: Path) -> None:
    shutil.copyfile(STORE, tmp_path / "store")
    os.link(tmp_path / "store", tmp_path / "again")
    for name in ("store", "again"):
        sentence = failed(call("kinds", "--db", tmp_path / "store", "--schema", tmp_path / name), 3)
        assert sentence == f"{name} is a database, not a schema."


def test_nothing_is_left_beside_it_and_it_keeps_its_bytes(mine: Path) -> None:
    before = hashlib.sha256(mine.read_bytes()).digest()
    call("check", "--demo", "--schema", mine)
    assert [path.name for path in mine.parent.iterdir()] == ["mine.binpb"]
    assert hashlib.sha256(mine.read_bytes()).digest() == before


def test_without_one_nobody_waits_for_google_protobuf() -> None:
    code = (
        "import sys; from inspector.__main__ import main\n"
        "main(['kinds', '--demo', '--schema', '3.41.0'])\n"
        "assert not [name for name in sys.modules if name.startswith('google.protobuf')]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
