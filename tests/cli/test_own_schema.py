"""``--schema`` with a schema of one's own."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.cli import output
from inspector.schema.pools import descriptor_set
from tests.builders import layouts
from tests.builders.demo import wire
from tests.builders.layouts import Rec
from tests.cli.calls import call, failed
from tests.places import REAL
from tests.releases import JANUARY_25, NEWEST
from tests.schema.protos import renamed, written

AGENT = "agt-01kfdfwx1j15q941f3w39t51qr"
STORE = REAL / "v2-clean" / "stigmer.db"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The first January release as a descriptor set."""
    return written(tmp_path, {"mine.binpb": descriptor_set(JANUARY_25)}) / "mine.binpb"


def envelope(schema: str | Path, id_: str = AGENT) -> dict[str, object]:
    answer = call("show", id_, "--envelope", "--demo", "--schema", schema)
    assert answer.code == 0
    found: dict[str, object] = answer.json
    return found


def test_a_record_that_it_fits_is_read_with_it(mine: Path) -> None:
    own, published = envelope(mine), envelope(JANUARY_25)
    assert own.pop("schema") == "mine.binpb"
    assert published.pop("schema") == JANUARY_25
    assert own == published


def test_and_one_that_a_release_fits_better_with_that(mine: Path) -> None:
    rows = call("list", "session", "--json", "--demo").json
    own = [envelope(mine, row["id"]) for row in rows]
    others = [one for one in own if one["schema"] != "mine.binpb"]
    assert others
    assert len(others) < len(own)
    for one in others:
        assert envelope("auto", str(one["id"])) == one


@pytest.mark.parametrize("command", ["dump", "export"])
def test_all_records_of_its_store_are(mine: Path, command: str) -> None:
    own, automatic = (call(command, "--db", STORE, "--schema", name) for name in (mine, "auto"))
    assert own.code == automatic.code
    schema = re.compile(rb'"schema":"[^"]+"')
    assert schema.sub(b"", own.out) == schema.sub(b"", automatic.out)


def test_its_name_stands_where_the_schema_is_named(mine: Path) -> None:
    answer = call("info", "--json", "--demo", "--schema", mine).json
    (own,) = [one for one in answer["schema"] if one["name"] == "mine.binpb"]
    assert own["why"] == "asked for"
    assert own["records"] > 50
    assert len(answer["schema"]) > 1
    assert "Schema:   mine.binpb: " in call("info", "--demo", "--schema", mine).out.decode()


def test_a_kind_it_does_not_know_is_an_unknown_one(tmp_path: Path) -> None:
    mine = written(tmp_path, {"mine.binpb": descriptor_set(NEWEST)}) / "mine.binpb"
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


def test_names_are_its_own(tmp_path: Path) -> None:
    data = renamed(JANUARY_25, "ApiResourceMetadata", name="called", slug="slug_of_mine")
    path = written(tmp_path, {"mine.binpb": data}) / "mine.binpb"
    answer = call("show", "agent", AGENT, "--demo", "--schema", path)
    metadata = answer.json["metadata"]
    assert (metadata["called"], metadata["slugOfMine"]) == ("Support Triage", "support-triage")
    assert envelope(path)["schema"] == "mine.binpb"


MINE = """
syntax = "proto3"; package mine;
message Agent { string api_version = 1; string kind = 2; Meta metadata = 3; }
message Meta { string renamed = 1; %s }
"""


def test_one_that_fits_worse_names_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "protos", {"a.proto": MINE % ""})
    assert envelope(folder) == envelope("auto")


def test_what_of_it_is_not_shown_by_name_is_a_note(tmp_path: Path) -> None:
    folder = written(tmp_path / "protos", {"a.proto": MINE % "gone.Type slug = 2;"})
    answer = call("show", "agent", AGENT, "--demo", "--schema", folder)
    assert answer.notes[-1] == (
        "note: protos: a.proto, line 4: mine.Meta.slug (2) cannot be read by name, since its type"
        " gone.Type is not here."
    )
    many = "".join(f"gone.Type x{number} = {number};" for number in range(2, 12))
    written(folder, {"a.proto": MINE % many})
    notes = call("kinds", "--demo", "--schema", folder).notes
    assert len(notes) == 6
    assert notes[-1] == "note: 5 more like these"


def test_a_secret_is_covered_whatever_it_is_called(tmp_path: Path) -> None:
    """The releases know that it is one."""
    rows = call("list", "environment", "--json", "--demo").json
    shown = {}
    for row in rows:
        answer = call("show", row["id"], "--demo", "--schema", "auto")
        shown[row["id"]] = answer.out.count(b'"[covered]"') if answer.code == 0 else 0
    id_ = max(shown, key=lambda one: shown[one])
    assert shown[id_]
    data = renamed(JANUARY_25, "EnvironmentValue", value="words", is_secret="flag")
    folder = written(tmp_path, {"mine.binpb": data}) / "mine.binpb"
    answer = call("show", id_, "--demo", "--schema", folder)
    assert answer.code == 0
    assert answer.out.count(b'"[covered]"') == shown[id_]
    revealed = call("show", id_, "--demo", "--schema", folder, "--reveal-secrets")
    assert b"words" in answer.out
    assert b'"[covered]"' not in revealed.out


PROTO_2 = """
    syntax = "proto2";
    package mine;
    message Agent {
      optional string api_version = 1;
      required string kind = 2;
      optional group Metadata = 3 { optional string name = 1; }
      repeated group Part = 4 { optional int32 n = 1; }
      optional string pin = 5 [debug_redact = true];
      extensions 10 to 20;
    }
    extend Agent { optional string note = 10; }
"""


def test_what_proto2_has_is_read_as_google_protobuf_reads_it(tmp_path: Path) -> None:
    """Groups, extensions, text that is no UTF-8, and a field that has to be there."""
    name = wire.group(3, wire.text(1, b"caf\xe9"))
    parts = b"".join(wire.group(4, wire.integer(1, number)) for number in (1, 2))
    data = name + parts + wire.text(5, "1234") + wire.text(10, "n")
    path = layouts.v2(tmp_path / "s.db", [Rec("agent", "a", data)])
    own = written(tmp_path / "own", {"a.proto": PROTO_2})
    answer = call("show", "agent", "a", "--envelope", "--db", path, "--schema", own)
    assert answer.json["message"] == {
        "metadata": {"name": "caf\N{REPLACEMENT CHARACTER}"},
        "part": [{"n": 1}, {"n": 2}],
        "pin": "[covered]",
        "[mine.note]": "n",
    }
    assert answer.json["schema"] == "own"
    assert [one["code"] for one in answer.json["problems"]] == ["missing-required"]
    assert "1 secret" in answer.notes[-1]
    assert call("export", "agent", "--db", path, "--schema", own).out.count(b"[covered]") == 1
    [row] = call("list", "agent", "--json", "--db", path, "--schema", own).json
    assert row["name"] == "caf\N{REPLACEMENT CHARACTER}"


def test_what_a_source_file_marks_as_a_secret_is_covered(tmp_path: Path) -> None:
    """As it is with the descriptor set that protoc makes of it."""
    text = 'syntax = "proto3"; message M { string tag = 1 [debug_redact = true]; string b = 2; }'
    own = written(tmp_path / "own", {"a.proto": text})
    blob = tmp_path / "blob"
    blob.write_bytes(wire.text(1, "mine") + wire.text(2, "yours"))
    answer = call("decode", blob, "--message", "M", "--schema", own)
    assert answer.json == {"tag": "[covered]", "b": "yours"}
    assert "1 secret" in answer.notes[-1]


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
    assert "is neither a wheel nor a descriptor set" in failed(
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


@pytest.mark.parametrize("form", ["folder", "descriptor set"])
def test_how_much_of_a_schema_is_read_stands_on_a_terminal(
    form: str, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = mine
    if form == "folder":
        text = 'syntax = "proto3"; message M%d {}'
        schema = written(tmp_path / "src", {f"{n}.proto": text % n for n in range(40)})
    monkeypatch.setattr(output, "_is_terminal", lambda stream: stream is sys.stderr)
    monkeypatch.setattr(output, "_BETWEEN_PROGRESS", 0)
    answer = call("kinds", "--demo", "--schema", schema)
    assert answer.code == 0
    far = [int(one) for one in re.findall(r"reading the schema: (\d+) %", answer.err)]
    assert len(far) > 1
    assert far == sorted(far)
    assert all(0 <= one <= 100 for one in far)
    assert b"reading" not in answer.out
