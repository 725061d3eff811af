"""A collection that Anki's own library wrote, read with the descriptors of that library.

Skipped where the package ``anki`` is not installed.
"""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from tests.cli.calls import call

MAP = """version = 1
[schema]
proto_paths = ["schema"]
[match]
tables = ["notes", "notetypes", "deck_config"]
[[column]]
at = "notetypes.config"
message = "anki.notetypes.Notetype.Config"
[[column]]
at = "fields.config"
message = "anki.notetypes.Notetype.Field.Config"
[[column]]
at = "templates.config"
message = "anki.notetypes.Notetype.Template.Config"
[[column]]
at = "deck_config.config"
message = "anki.deck_config.DeckConfig.Config"
[[column]]
at = "decks.common"
message = "anki.decks.Deck.Common"
[[column]]
at = "decks.kind"
message = "anki.decks.Deck.KindContainer"
[[column]]
at = "config.val"
as = "json"
"""
MESSAGES = {
    ("notetypes", "config"): ("notetypes_pb2", "Notetype.Config"),
    ("fields", "config"): ("notetypes_pb2", "Notetype.Field.Config"),
    ("templates", "config"): ("notetypes_pb2", "Notetype.Template.Config"),
    ("deck_config", "config"): ("deck_config_pb2", "DeckConfig.Config"),
    ("decks", "common"): ("decks_pb2", "Deck.Common"),
    ("decks", "kind"): ("decks_pb2", "Deck.KindContainer"),
}


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = pytest.importorskip("anki.collection")
    folder = tmp_path_factory.mktemp("anki")
    path = folder / "collection.anki2"
    made: Any = library.Collection(str(path))
    for front in ("one", "Zwei", "drei"):
        note = made.new_note(made.models.by_name("Basic"))
        note["Front"], note["Back"] = front, "x"
        made.add_note(note, made.decks.id(f"Deck {front}"))
    made.close()
    package = folder / "schema" / "anki"
    package.mkdir(parents=True)
    for one in Path(str(library.__file__)).parent.glob("*_pb2.py"):
        shutil.copyfile(one, package / one.name)
    (folder / "collection.inspect.toml").write_text(MAP)
    return path


def rows(collection: Path, table: str, *words: str) -> Any:
    own = collection.with_name("collection.inspect.toml")
    answer = call("rows", table, "--json", "--db", collection, "--map", own, *words)
    assert answer.code == 0, answer.err
    return answer.json


@pytest.mark.parametrize(("table", "column"), MESSAGES, ids=str)
def test_a_collection_says_what_ankis_own_messages_say(
    collection: Path, table: str, column: str
) -> None:
    module, name = MESSAGES[table, column]
    message: Any = import_module(f"anki.{module}")
    for part in name.split("."):
        message = getattr(message, part)
    found = rows(collection, table)
    assert found
    for row in found:
        key = row["key"] if isinstance(row["key"], int) else json.dumps(row["key"])
        blob = collection.with_name("blob")
        of = ("row", table, str(key), "--column", column, "--db", collection)
        assert call(*of, "--reveal-secrets", "-o", blob).code == 0
        # Other fields are kept as bytes, which neither says by name.
        own = MessageToDict(message.FromString(blob.read_bytes()))
        assert row["values"][column] == own


def test_the_order_that_only_anki_knows_is_paged_and_filtered(collection: Path) -> None:
    tags = call("rows", "tags", "--json", "--db", collection)
    assert tags.code == 0
    found = rows(collection, "decks", "--sort", "name", "--filter", "deck ")
    assert [row["values"]["name"] for row in found] == ["Deck Zwei", "Deck drei", "Deck one"]


def test_each_column_of_messages_is_found_by_its_fit(collection: Path) -> None:
    schema = collection.with_name("schema")
    fit = call("fit", "templates.config", "--schema", schema, "--json", "--reveal-secrets",
               "--db", collection)  # fmt: skip
    names = [one["message"] for one in fit.json if one["fits"] == one["rows"]]
    assert "anki.notetypes.Notetype.Template.Config" in names[:5]
