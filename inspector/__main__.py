"""The program: a command on the command line, or a window.

Nothing is imported up here that takes time, so that Ctrl-C ends the program in one way from the
start.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

_INTERRUPTED = 130
#: Thresholds of the garbage collector's generations. Usually it would look after each few hundred
#: objects, which while modules are loaded are all to stay; and it would look at every node of a
#: large record again and again, for half a second each time in which nothing else runs. Trees have
#: no cycles; rows are let go of by hand.
COLLECT = (50_000, 20, 100)


def main(arguments: Sequence[str] | None = None) -> int:
    """Decides by the first argument: a command's name is a command, all else is a window.

    Args:
        arguments: those of this process where None, which is then taken to end with the answer.

    Returns:
        The exit code.
    """
    if arguments is not None:
        return _program(arguments)(arguments)
    gc.set_threshold(*COLLECT)
    try:
        import signal  # noqa: PLC0415

        # While modules are loaded there is nothing to be tidied up.
        signal.signal(signal.SIGINT, lambda *_: os._exit(_INTERRUPTED))
        program = _program(sys.argv[1:])
        from inspector.signals import endings, stop_on_signals  # noqa: PLC0415

        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop_on_signals()
        code = program(sys.argv[1:])
        if "PySide6" not in sys.modules:
            # The process ends: its last collection would go through all that is loaded.
            gc.freeze()
            gc.disable()
        # What is kept outside the store is removed now, which nothing may cut short.
        for one in (signal.SIGINT, *endings()):
            signal.signal(one, signal.SIG_IGN)
    except KeyboardInterrupt as stopped:
        return getattr(stopped, "code", _INTERRUPTED)
    return code


def _program(words: Sequence[str]) -> Callable[[Sequence[str]], int]:
    from inspector.cli.names import COMMANDS  # noqa: PLC0415

    if words and words[0] == "show":
        from inspector.cli.quick_show import main as show_quickly  # noqa: PLC0415

        return show_quickly
    if words and words[0] in COMMANDS:
        from inspector.cli.main import main as answer  # noqa: PLC0415 - without Qt

        return answer
    from inspector.launch import main as show  # noqa: PLC0415 - Qt only where it is wanted

    return show


if __name__ == "__main__":
    sys.exit(main())
