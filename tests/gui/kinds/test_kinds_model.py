"""The short models: kinds in their groups, versions with their tags."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from inspector.gui.history.versions_model import KEYS, VersionsModel, name_of
from inspector.gui.kinds.kinds_model import EntryType, KindsModel, entries_of
from inspector.gui.style.text_runs import CELL_ROLE
from inspector.gui.style.time_format import TimeStyle
from inspector.session.summaries import KindSummary, Version
from inspector.store.rows import TableInfo

KINDS = [
    KindSummary("api_key", "API Key", "iam", 4, 0, known=True),
    KindSummary("skill", "Skill", "agentic", 6, 38, known=True),
    KindSummary("agent", "Agent", "agentic", 10, 0, known=True),
    KindSummary("eval", "Eval", "agentic", 0, 3, known=True),
    KindSummary("quantum", "quantum", "", 2, 0, known=False),
]
TESTER = QAbstractItemModelTester.FailureReportingMode.Fatal


def version(number: int, *, tag: str | None = None, live: bool = False) -> Version:
    return Version(
        *("skill", "skl-1", number, None, "skill", f"2026-11-21T05:32:{number:02}Z"),
        version_hash=f"{number:064x}"[::-1],
        tag=tag,
        size=1000 + number,
        live=live,
    )


VERSIONS = [version(9, tag="stable", live=True), version(8, tag="v1"), version(7, tag="v1")]


def test_kinds_stand_in_groups_by_name(qapp: QApplication) -> None:
    model = KindsModel()
    QAbstractItemModelTester(model, TESTER, model)
    tables = [TableInfo("resources", 22), TableInfo("search_index", None)]
    model.set_rows(entries_of(KINDS, {"eval": (1, False), "skill": (256, True)}, tables))
    texts = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert texts == [
        *("All", "Agentic", "Agent", "Skill", "IAM", "API Key"),
        *("Unknown kinds", "quantum", "Deleted (history kept)", "Eval", "Skill"),
        *("Tables", "resources", "search_index"),
    ]
    assert model.first() == 2
    assert model.find(EntryType.GONE, "skill") == 10
    assert model.find(EntryType.TABLE, "resources") == 12
    assert model.find(EntryType.KIND, "eval") == -1


def test_group_titles_cannot_be_chosen(qapp: QApplication) -> None:
    model = KindsModel()
    model.set_rows(entries_of(KINDS))
    assert not model.index(1, 0).flags() & Qt.ItemFlag.ItemIsSelectable
    assert model.index(0, 0).flags() & Qt.ItemFlag.ItemIsSelectable
    assert model.index(2, 0).flags() & Qt.ItemFlag.ItemIsSelectable


def test_kinds_are_read_out_with_their_counts(qapp: QApplication) -> None:
    model = KindsModel()
    tables = [TableInfo("resources", 1), TableInfo("search_index", None)]
    model.set_rows(entries_of(KINDS, {"skill": (256, True)}, tables))
    role = Qt.ItemDataRole.AccessibleTextRole
    said = [model.index(row, 0).data(role) for row in range(model.rowCount())]
    assert said[:3] == ["All, 22 records", "Group Agentic", "Agent, 10 records"]
    assert said[-5:-3] == ["Group Deleted (history kept)", "Skill, at least 256 deleted records"]
    assert said[-2:] == ["Table resources, 1 row", "Table search_index"]


def test_a_kind_has_versions_that_lie_under_a_name_it_has_had(qapp: QApplication) -> None:
    kinds = [
        KindSummary("run", "Run", "agentic", 2, 0, known=True),
        KindSummary("session", "Session", "agentic", 2, 0, known=True),
        KindSummary("agent_execution", "Agent Execution", "agentic", 0, 3, known=True),
    ]
    found = {entry.kind: entry.versions for entry in entries_of(kinds) if entry.kind}
    assert found == {"run": True, "session": False}


def test_a_store_without_records_has_no_rows(qapp: QApplication) -> None:
    assert entries_of([]) == []
    assert KindsModel().first() == -1


@pytest.fixture
def model(qapp: QApplication) -> VersionsModel:
    made = VersionsModel()
    QAbstractItemModelTester(made, TESTER, made)
    made.show(VERSIONS)
    return made


def cell(model: VersionsModel, row: int, key: str) -> str:
    return str(model.index(row, KEYS.index(key)).data())


def test_a_tag_stands_where_it_points_and_was_where_it_stood(model: VersionsModel) -> None:
    assert [cell(model, row, "tag") for row in range(3)] == ["stable", "v1", "was v1"]
    boxed = model.index(1, KEYS.index("tag")).data(CELL_ROLE)
    assert boxed.runs[0].style.box


def test_the_live_version_says_so(model: VersionsModel) -> None:
    assert cell(model, 0, "version") == f"{VERSIONS[0].version_hash[:8]} current"  # type: ignore[index]
    assert cell(model, 1, "version") == name_of(VERSIONS[1])
    assert model.live_row() == 0


def test_versions_without_a_hash_are_called_by_their_row() -> None:
    bare = VERSIONS[0]._replace(version_hash=None)
    assert name_of(bare) == "audit 9"
    legacy = bare._replace(audit_id=None, legacy_key="skill_audit/skl-1/1795239176956651563")
    assert name_of(legacy) == "1795239176956651563"


def test_a_version_is_read_out_whole(model: VersionsModel) -> None:
    model.set_times(TimeStyle.UTC)
    words = model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "was v1" in words
    assert "1,007" in words
    assert "2026-11-21 05:32:07" in words


def test_the_same_versions_again_change_nothing(model: VersionsModel) -> None:
    assert not model.show(VERSIONS)
    assert model.show(VERSIONS[:1])
    assert model.row_of(VERSIONS[1]) == -1


def test_data_never_raises(model: VersionsModel) -> None:
    for role in (*range(16), CELL_ROLE):
        assert model.data(QModelIndex(), role) is None
        for column in range(len(KEYS)):
            model.data(model.index(1, column), role)
            model.headerData(column, Qt.Orientation.Horizontal, role)
