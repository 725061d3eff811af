"""Maps of files in the window: offered, used, saved; never by themselves."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from inspector.foreign.column_map import ColumnReading, ReadAs
from inspector.foreign.map_file import read_map
from inspector.foreign.wrappers import Wrapper
from tests.foreign.schemas import MAP, descriptors, foreign
from tests.gui.foreign.test_reading_columns import MESSAGE, opened, paths, shown
from tests.gui.windows import Driver


def offered(driver: Driver) -> str:
    return driver.window.banner.words.partition(" is beside this file.")[1]


def use(driver: Driver) -> None:
    driver.wait(lambda: bool(offered(driver)))
    buttons = driver.window.banner.findChildren(QPushButton)
    next(one for one in buttons if one.text() == "Use it").click()


def test_a_map_beside_a_file_is_offered_and_not_used_by_itself(
    driver: Driver, tmp_path: Path
) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    (tmp_path / "f.inspect.toml").write_text(MAP)
    opened(driver, path)
    driver.wait(lambda: bool(offered(driver)))
    row = driver.window.record.row
    assert driver.window.banner.words.startswith("f.inspect.toml is beside this file.")
    assert row.message() is None
    assert row.readings.whole().columns == ()
    use(driver)
    pane = shown(driver)
    assert paths(pane)[:2] == ["name", "number"]
    assert pane.reading_line.text() == f"Read as {MESSAGE} from own.binpb, unwrapped: gzip"
    assert not offered(driver)
    heads = driver.window.records.tables.rows
    assert row.readings.words_for("t", "data") == f"{MESSAGE} from f.inspect.toml"
    assert heads.columnCount() == 3
    driver.press("leave_map")
    driver.wait(lambda: row.message() is None)


def test_what_is_said_of_the_file_is_true_with_a_map_and_without(
    driver: Driver, tmp_path: Path
) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    (tmp_path / "f.inspect.toml").write_text(MAP)
    opened(driver, path)
    use(driver)
    shown(driver)
    banner = driver.window.banner
    driver.wait(lambda: "they are read as f.inspect.toml says." in banner.words)
    driver.press("leave_map")
    driver.wait(lambda: "blobs are read by number." in banner.words)


def test_reading_again_reads_the_map_and_its_schemas_as_they_are_now(
    driver: Driver, tmp_path: Path
) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    own_map = tmp_path / "f.inspect.toml"
    own_map.write_text(MAP)
    opened(driver, path)
    use(driver)
    pane = shown(driver)
    own_map.write_text(MAP.replace("own.FieldDescriptorProto", "own.EnumValueDescriptorProto"))
    driver.press("again")
    driver.wait(lambda: "EnumValueDescriptorProto" in pane.reading_line.text())
    own_map.write_text("no map")
    driver.press("again")
    banner = driver.window.banner
    driver.wait(lambda: banner.words.startswith("The map of this file cannot be used."))
    driver.wait(lambda: driver.window.record.row.message() is None)


def test_the_secrets_of_a_map_stay_covered(driver: Driver, tmp_path: Path) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    (tmp_path / "f.db.inspect.toml").write_text(MAP)
    opened(driver, path)
    use(driver)
    pane = shown(driver)
    fields = pane.message.views.tree.fields
    value = fields.index(paths(pane).index("json_name"), 1)
    assert str(value.data()).startswith("Hidden")


def test_a_map_is_kept_for_its_file(driver: Driver, tmp_path: Path, qtbot: QtBot) -> None:
    path = foreign(tmp_path / "f.db")
    descriptors(tmp_path / "own.binpb")
    (tmp_path / "f.inspect.toml").write_text(MAP)
    opened(driver, path)
    use(driver)
    shown(driver)
    again = Driver(qtbot, driver.window.settings)
    again.window.resize(1440, 900)
    opened(again, path)
    assert paths(shown(again))[:2] == ["name", "number"]
    again.window.close()


def test_a_map_of_another_file_is_refused_with_why(driver: Driver, tmp_path: Path) -> None:
    path = foreign(tmp_path / "f.db")
    (tmp_path / "f.inspect.toml").write_text('version = 1\n[match]\ntables = ["nowhere"]\n')
    opened(driver, path)
    use(driver)
    driver.wait(lambda: driver.window.findChild(QMessageBox) is not None)
    box = driver.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert "it has no table nowhere" in box.text()
    box.close()
    assert driver.window.record.row.readings.map_path == ""


def test_a_map_without_schemas_asks_for_one(driver: Driver, tmp_path: Path) -> None:
    path = foreign(tmp_path / "f.db")
    schema = descriptors(tmp_path / "own.binpb")
    text = MAP.replace('[schema]\ndescriptor_sets = ["own.binpb"]\n', "")
    (tmp_path / "f.inspect.toml").write_text(text)
    opened(driver, path)
    use(driver)
    banner = driver.window.banner
    driver.wait(lambda: banner.words.startswith("f.inspect.toml names no schema."))
    next(one for one in banner.findChildren(QPushButton) if one.text() == "From file").click()
    answer(driver, schema)
    assert paths(shown(driver))[:2] == ["name", "number"]


def answer(driver: Driver, path: Path) -> None:
    driver.wait(lambda: driver.window.findChild(QFileDialog) is not None)
    dialog = driver.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(path))
    dialog.close()


def test_what_was_chosen_is_saved_as_a_map_where_it_is_asked_to(
    driver: Driver, tmp_path: Path
) -> None:
    path, schema = foreign(tmp_path / "f.db"), descriptors(tmp_path / "own.binpb")
    opened(driver, path)
    assert not driver.window.actions_["save_map"].isEnabled()
    reading = ColumnReading(
        *("t", "data", ReadAs.MESSAGE, MESSAGE), unpack=(Wrapper.GZIP,), schema=str(schema)
    )
    driver.window.parts_now().foreign.choose(reading)
    shown(driver)
    driver.window.settings.export_folder = str(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    driver.press("save_map")
    dialog = driver.window.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    assert Path(dialog.directory().path()) == tmp_path / "elsewhere"
    target = tmp_path / "elsewhere" / "f.inspect.toml"
    answer(driver, target)
    driver.wait(target.exists)
    found = read_map(target)
    assert found.schemas == (str(schema),)
    assert found.tables == ("t",)
    assert [(one.message, one.unpack) for one in found.columns] == [(MESSAGE, (Wrapper.GZIP,))]
    assert not list(tmp_path.glob("f*.toml"))


def test_a_map_never_takes_the_place_of_a_database(driver: Driver, tmp_path: Path) -> None:
    path = foreign(tmp_path / "f.db")
    opened(driver, path)
    driver.window.parts_now().foreign.choose(ColumnReading("t", "data", ReadAs.TEXT))
    driver.press("save_map")
    before = path.read_bytes()
    answer(driver, path)
    driver.wait(lambda: driver.window.findChild(QMessageBox) is not None)
    box = driver.window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    box.close()
    assert path.read_bytes() == before
