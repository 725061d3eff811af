"""Draws the window in all the states worth looking at, without a display.

``python -m tests.tools.pictures [FOLDER] [--only TEXT]`` writes PNG files, by default into
``build/pictures``; with ``--readme`` those the README shows into ``packaging/pictures``. Each look
(theme and scale) is a process of its own. The font is Inter where it is installed, else that of the
machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from inspector.gui.app.application import Application
    from inspector.gui.style.theme import ColourTokens

_EXECUTION: Final = "agent_execution/aex-01kffnbvcevt242fksfbadwye8"
_FAILED: Final = "workflow_execution/wex_01m42p7y8hdyzk06z1n5adjv9a"
_SKILL: Final = "skill/skl-01kfd8ctryxv2x73xmfrpfdn4j"
_SHADES: Final = (0.35, 0.7)  #: of an ink on a ground, at the edges of letters
_CALL: Final = "status.messages[6].tool_calls[1]"
_PATIENCE: Final = 20.0  #: seconds until a window that shows nothing is given up
_FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Inter</family></prefer></alias>
  <alias binding="strong"><family>Sans Serif</family><prefer><family>Inter</family></prefer></alias>
</fontconfig>
"""
_README: Final = (
    *(("record", "light"), ("bytes", "dark"), ("history", "light")),
    *(("difference", "dark"), ("activity", "light")),
)
_LOOKS: Final = (("light", 1), ("dark", 1), ("light", 2), ("dark", 2))


@dataclass(frozen=True)
class Scene:
    """A picture.

    Attributes:
        name: of the file, before theme and scale.
        select: the record of the demo store to go to.
        size: of the window.
        actions: what is triggered then, in this order.
        field: the path of the field the cursor is put on.
        row: the row of the timeline it is put on, and which has the focus then; -1 for none.
        file: another store than the demo, made in a temporary folder.
        start: the start page instead of a store.
    """

    name: str
    select: str = ""
    size: tuple[int, int] = (1440, 900)
    actions: tuple[str, ...] = ()
    field: str = ""
    row: int = -1
    file: Callable[[Path], Path] | None = None
    start: bool = False


def _damaged(folder: Path) -> Path:
    """A copy of the demo store with pages overwritten that hold rows, and none of its schema."""
    data = bytearray((ROOT / "resources" / "demo" / "stigmer.sqlite").read_bytes())
    for page in (65, 98):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path = folder / "damaged.sqlite"
    path.write_bytes(data)
    return path


def _no_store(folder: Path) -> Path:
    """A file that is no database."""
    path = folder / "notes.sqlite"
    path.write_bytes(b"This is a text, and not a short one at that. " * 100)
    return path


SCENES: Final = (
    Scene("record", _EXECUTION, field="status.messages[1].content"),
    Scene("small", _EXECUTION, (1024, 640), field="spec.callback_token"),
    Scene("json", _EXECUTION, actions=("json",), field="status.messages[1].content"),
    Scene("bytes", _EXECUTION, actions=("bytes",), field="status.messages[1].content"),
    Scene("history", _SKILL, actions=("history",), row=1),
    Scene("history-small", _SKILL, (1024, 640), actions=("history", "axis_in"), row=3),
    Scene("difference", _SKILL, actions=("history", "only_record"), row=4),
    Scene("ages", _SKILL, actions=("history", "only_record", "relative"), row=6),
    Scene("unified", _SKILL, actions=("history", "side_by_side", "against_live"), row=6),
    Scene("activity", _EXECUTION, actions=("activity",), field=_CALL),
    Scene("activity-small", _EXECUTION, (1024, 640), actions=("activity",), field=_CALL),
    Scene("events", _FAILED, actions=("events",)),
    Scene("events-small", _FAILED, (1024, 640), actions=("events",)),
    Scene("events-activity", _FAILED, actions=("activity",)),
    Scene("version", _SKILL, actions=("older",)),
    Scene("unset", _EXECUTION, actions=("unset",)),
    Scene("unknown", "agent/agt-01kg4szspq54n2pjsqzb57zncz"),
    Scene("deep", "workflow_execution/wex-01kg2zx9j9pqqnbyavyncqkgkg", field="spec"),
    Scene("truncated", "session/ses-01kg78ynkqvfj5etrz7gkvfhxw"),
    Scene("long-id", "agent_instance/ain-" + "0123456789" * 40),
    Scene("only-record", _EXECUTION, actions=("only_record",)),
    Scene("start", start=True),
    Scene("damaged", file=_damaged),
    Scene("refused", file=_no_store),
)


def main() -> int:
    """Draws every scene in every look, or in one where a child was asked to."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("folder", nargs="?", default=str(ROOT / "build" / "pictures"))
    words.add_argument("--readme", action="store_true", help="those of the README, where they lie")
    words.add_argument("--only", default="", help="scenes whose name holds this")
    words.add_argument("--look", default="", help=argparse.SUPPRESS)
    words.add_argument("--small", action="store_true", help="files a third as large")
    asked = words.parse_args()
    folder = Path(asked.folder)
    folder.mkdir(parents=True, exist_ok=True)
    if asked.look:
        return _draw_all(folder, asked.only, asked.look, small=asked.small)
    if asked.readme:
        target = ROOT / "packaging" / "pictures"
        target.mkdir(exist_ok=True)
        return max(_child(target, name, theme, 1, "--small") for name, theme in _README)
    more = ("--small",) if asked.small else ()
    codes = [_child(folder, asked.only, theme, scale, *more) for theme, scale in _LOOKS]
    return max(codes)


def _child(folder: Path, only: str, theme: str, scale: int, *more: str) -> int:
    look = f"{theme}-{scale}x"
    command = [sys.executable, __file__, str(folder), "--only", only, "--look", look, *more]
    with tempfile.TemporaryDirectory() as scratch:
        fonts = Path(scratch) / "fonts.conf"
        fonts.write_text(_FONTS, encoding="utf-8")
        environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(scale),
            "FONTCONFIG_FILE": str(fonts),
            # What lies in the real home is nobody's business in a picture.
            "HOME": scratch,
        }
        return subprocess.run(command, env=environment, check=False).returncode


def _draw_all(folder: Path, only: str, look: str, *, small: bool) -> int:
    from PySide6.QtWidgets import QApplication

    from inspector.gui.app.application import Application
    from inspector.gui.settings.settings import Settings, SettingsFile
    from inspector.gui.style.theme import tokens_of

    app = QApplication(sys.argv[:1])
    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch) / "settings.json"
        SettingsFile(settings).save(Settings(appearance=look.partition("-")[0]))
        inspector = Application(app, settings)
        for scene in SCENES:
            if only in scene.name and (scene.name == only or not _is_name(only)):
                image = _drawn(inspector, scene, Path(scratch))
                target = folder / f"{scene.name}-{look}.png"
                (_with_few_colours(image, tokens_of(app.palette())) if small else image).save(
                    str(target)
                )
                sys.stdout.write(f"{target.name}\n")
    return 0


def _is_name(only: str) -> bool:
    """Whether a scene is called so; then no other whose name holds it is meant."""
    return any(scene.name == only for scene in SCENES)


def _with_few_colours(image: QImage, tokens: ColourTokens) -> QImage:
    """The picture in the theme's colours and those it has most of: edges of letters have others.

    Rare colours of the theme would become others of which there is more.
    """
    from PySide6.QtGui import QColor, QImage

    from inspector.gui.style.theme import mix

    inks = (tokens.link, tokens.added, tokens.changed, tokens.removed)
    shades = (mix(ink, on, share) for ink in inks for on in tokens.grounds() for share in _SHADES)
    own = [QColor(colour).rgb() for colour in (*tokens, *shades)]
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    found = Counter(memoryview(plain.constBits()).cast("I"))
    most = (colour for colour, _ in found.most_common())
    table = list(islice(dict.fromkeys((*own, *most)), 256))
    return plain.convertToFormat(QImage.Format.Format_Indexed8, table)


def _drawn(inspector: Application, scene: Scene, scratch: Path) -> QImage:
    if scene.start:
        window = inspector.show_start()
    elif scene.file is not None:
        window = inspector.open_file(scene.file(scratch))
    else:
        window = inspector.open_demo(scene.select or None)
    window.resize(*scene.size)
    window.show()
    _wait(window.tasks.is_idle, scene.name)
    for action in scene.actions:
        window.actions_[action].trigger()
        _wait(window.tasks.is_idle, scene.name)
    if scene.row >= 0:
        window.record.history.choose(scene.row)
        window.record.focus()
    if "activity" in scene.actions:
        window.record.activity.go_to(scene.field)
        window.record.focus()
    elif scene.field:
        tree = window.record.tree
        tree.open_paths(set(_above(scene.field)))
        tree.go_to(scene.field)
        tree.scrollTo(tree.currentIndex(), tree.ScrollHint.PositionAtCenter)
    _wait(window.tasks.is_idle, scene.name)
    image = window.grab().toImage()
    window.close()
    _wait(lambda: window not in inspector.windows, scene.name)
    return image


def _above(path: str) -> list[str]:
    """The paths of what a path lies in."""
    return [path[:at] for at, mark in enumerate(path) if mark in ".["]


def _wait(until: Callable[[], bool], name: str) -> None:
    """Lets the event loop turn until something is so, and a little longer."""
    from PySide6.QtCore import QDeadlineTimer, QEventLoop
    from PySide6.QtWidgets import QApplication

    deadline = QDeadlineTimer(int(_PATIENCE * 1000))
    while not until():
        if deadline.hasExpired():
            raise SystemExit(f"{name}: nothing came for {_PATIENCE:.0f} seconds")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    calm = QDeadlineTimer(300)
    while not calm.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


if __name__ == "__main__":
    sys.exit(main())
