"""Runs a command: arguments in, data on stdout, one sentence on stderr where it fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from inspector.cli.arguments import parser
from inspector.cli.commands import run
from inspector.cli.output import Output, say
from inspector.errors import Exit, InspectorError


def main(arguments: Sequence[str]) -> int:
    """Answers one command.

    Returns:
        The exit code.
    """
    output = Output()
    try:
        code = run(parser().parse_args(list(arguments)), output)
        output.flush()
        return code
    except InspectorError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("Stopped.")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader went away; what is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except OSError as error:
        say(f"The answer cannot be written: {error.strerror or error}.")
        return Exit.UNREADABLE
