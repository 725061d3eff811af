"""The one file with the messages of all releases is what its script makes of their tables."""

from __future__ import annotations

from tests.builders import schemas
from tests.packaging import ROOT
from tests.places import shared


def test_the_file_is_what_the_tables_say() -> None:
    made = schemas.text(schemas.merged(shared("stigmer")))
    shipped = (ROOT / "resources" / "schema.json").read_text(encoding="utf-8")
    assert made == shipped


def test_the_rules_for_secrets_are_those_of_the_tables() -> None:
    """But for what no release has: rows a migration kept go by the rules of their old message."""
    wanted = shared("stigmer", "history", "secrets.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t")[:5] for line in wanted]
    kept = [row for row in rows if "(rows made before)" not in row[0] and row[3] != "unpublished"]
    shipped = (ROOT / "resources" / "secrets.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t") for line in shipped] == kept
