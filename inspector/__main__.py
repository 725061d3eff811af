"""The program: a command on the command line, or a window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from inspector.cli.names import COMMANDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Decides by the first argument: a command's name is a command, all else is a window.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(words)
        if arguments is None:
            # The answer is given; what is left is to end.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    except KeyboardInterrupt:  # while modules are loaded
        return 130
    return code


def _run(words: Sequence[str]) -> int:
    if words[:1] and words[0] in COMMANDS:
        from inspector.cli.main import main as answer  # noqa: PLC0415 - without Qt

        return answer(words)
    from inspector.launch import main as show  # noqa: PLC0415 - Qt only where it is wanted

    return show(words)


if __name__ == "__main__":
    sys.exit(main())
