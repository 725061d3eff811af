"""What is prepared when the program is built counts only for the sources it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.compiled_part import VARIABLE
from inspector.decode import prepared
from inspector.decode.prepared_tables import prepared_tables
from inspector.schema.catalog import merged_schema
from inspector.schema.kind_names import normal_kind

pytestmark = pytest.mark.skipif(prepared.prepared_releases() is None, reason="nothing is prepared")


def test_it_is_what_is_worked_out_now() -> None:
    assert Path(prepared.__file__).with_name(prepared.FILE).read_bytes() == prepared_tables()


def test_it_knows_the_releases_and_all_kinds_with_a_message() -> None:
    merged = merged_schema()
    releases = prepared.prepared_releases()
    assert releases is not None
    assert (releases.names, releases.published) == (merged.names, merged.published)
    assert releases.number(merged.names[7]) == merged.number(merged.names[7])
    for row in merged.kinds:
        found = prepared.prepared_reader(normal_kind(row.kind), ())
        assert (found is not None) == (merged.root(row.kind) is not None)
    assert prepared.prepared_reader("nothing", ()) is None


@pytest.mark.parametrize("what", ["other", "gone", "broken", "empty"])
def test_of_other_sources_nothing_is_taken(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made.bin"
    whole = Path(prepared.__file__).with_name(prepared.FILE).read_bytes()
    if what != "gone":
        made.write_bytes({"other": whole, "broken": whole[:-9], "empty": b""}[what])
    if what == "other":
        monkeypatch.setattr(prepared, "_SOURCES", ("decode/json_writer.py",))
    monkeypatch.setattr(prepared, "FILE", str(made))
    prepared._prepared.cache_clear()
    try:
        assert prepared.prepared_releases() is None
        assert prepared.prepared_reader("agent", ()) is None
    finally:
        prepared._prepared.cache_clear()


def test_nothing_is_compiled_where_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "python")
    assert prepared.prepared_reader("agent", ()) is None
