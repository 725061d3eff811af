"""Opens windows: the arguments that are no command."""

from __future__ import annotations

import builtins
import gc
import os
import sys
from collections.abc import Sequence

from inspector import __version__
from inspector.cli.guard import guarded
from inspector.cli.output import Output, say
from inspector.errors import InspectorError, NoDisplayError, UsageError
from inspector.exit_codes import Exit
from inspector.named_tuple import NamedTuple


class _Wanted(NamedTuple):
    """What is to be opened, as the arguments of the window name it."""

    files: Sequence[str]
    demo: bool = False
    select: str | None = None
    smoke: bool = False


def main(arguments: Sequence[str]) -> int:
    """Opens a window for each file, and runs until the last is closed.

    Returns:
        The exit code.
    """
    wanted: list[_Wanted] = []
    code = guarded(lambda: _decide(arguments, wanted))
    return _open(wanted[0]) if wanted else code


def _decide(arguments: Sequence[str], wanted: list[_Wanted]) -> int:
    """Reads the arguments; what is to be opened is put into ``wanted``."""
    if all(map(_is_file, arguments)):
        # Mostly there is nothing to be parsed: the parser takes as long as a few dozen modules.
        words = _Wanted(arguments)
    else:
        from inspector.cli.parser import parse_window  # noqa: PLC0415

        parsed = parse_window(arguments)
        if parsed.version:
            return _version(arguments)
        words = _Wanted(parsed.files, parsed.demo, parsed.select, parsed.smoke)
    _need_display()
    wanted.append(words)
    return Exit.DONE


def _is_file(word: str) -> bool:
    return not word.startswith("-") and os.path.lexists(word)


def _open(words: _Wanted) -> int:
    # While modules are loaded, the collector would look for garbage again and again and find none.
    gc.disable()
    # Only here, and after the question for a display: Qt would abort without one.
    from inspector.gui.enum_creation import create_quickly  # noqa: PLC0415
    from inspector.gui.signature_loading import signatures_later  # noqa: PLC0415

    create_quickly()
    with signatures_later():
        import PySide6.QtCore  # noqa: PLC0415, F401
    import_plainly()
    from inspector.gui.app.application import run  # noqa: PLC0415

    # Nor is any of it garbage later: the first look alone would take a twentieth of the start.
    gc.freeze()
    gc.enable()
    try:
        if words.smoke:
            from inspector.gui.app.smoke import smoke  # noqa: PLC0415

            return smoke(words.files, demo=words.demo)
        return run(words.files, demo=words.demo, select=words.select)
    except InspectorError as error:
        say(str(error))
        return error.exit_code


def import_plainly() -> None:
    """Undoes what Qt's bindings make of ``import``: a reading of the source of each module.

    They look there for the name of the bindings, for the sake of ``from __feature__ import``, which
    nothing here says: a twentieth of the time to the first rows, and the text of all modules kept
    in memory. Where they do not do it, this does nothing.
    """
    before = getattr(builtins, "__orig_import__", None)
    if before is not None:
        vars(builtins)["__import__"] = before


def _version(arguments: Sequence[str]) -> int:
    from inspector.cli.parser import PROGRAM  # noqa: PLC0415 - for this alone

    if len(arguments) > 1:
        raise UsageError("--version stands alone.", "After a command it names a version.")
    output = Output()
    output.line(f"{PROGRAM} {__version__}")
    output.flush()
    from inspector.decode.transcoding import is_compiled  # noqa: PLC0415 - for this alone

    if not is_compiled():
        say(
            "Without its compiled part; export and search are slower, and its answers are the same."
        )
    return Exit.DONE


def _need_display() -> None:
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux") or (asked and not asked.startswith(_WITH_DISPLAY)):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise NoDisplayError("There is no display to open a window on.")


#: What is asked for where a window needs one; on other platforms Qt says what it needs.
_WITH_DISPLAY = ("xcb", "wayland")
