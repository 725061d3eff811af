"""Ends a call as the contract says: an exit code, one sentence on stderr, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Callable

from inspector.cli.output import abandon, clear, say
from inspector.errors import InspectorError
from inspector.exit_codes import Exit


def guarded(work: Callable[[], int]) -> int:
    """Runs what may fail in the ways the world has, and says so in one sentence.

    Returns:
        The exit code: that of ``work``, or of the failure.
    """
    try:
        code = work()
    except InspectorError as error:
        say(str(error))
        return error.exit_code
    except SystemExit:  # argparse, after --help
        return Exit.DONE
    except KeyboardInterrupt as stopped:
        abandon()
        say("Stopped.")
        return getattr(stopped, "code", Exit.INTERRUPTED)
    except BrokenPipeError:
        # The reader went away; what is still buffered has nowhere to go.
        abandon()
        clear()
        return Exit.DONE
    except OSError as error:
        abandon()
        say(f"The answer cannot be written: {error.strerror or error}.")
        return Exit.UNWRITABLE
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        abandon()
        say(f"{_fault(error)} Please report it; python -X dev -m inspector shows more.")
        return Exit.UNREADABLE
    clear()
    return code


def _fault(error: Exception) -> str:
    """A bug of ours, in one sentence."""
    import traceback  # noqa: PLC0415 - hardly ever needed

    at = traceback.extract_tb(error.__traceback__)[-1]
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return f"This is a fault of the program ({what}, at {at.name}, line {at.lineno})."
