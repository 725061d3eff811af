"""Makes the environment and opens the demo store: python3 packaging/demo.py.

Without a display it shows the demo's kinds, one record and its history on the command line.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bootstrap import (
    ROOT,
    RUNTIME,
    SetupError,
    child_environment,
    environment,
    guard,
    say,
    use_new_enough_python,
)
from system import has_display, provide


def main() -> int:
    """Exit code of the window, or of the command line in its place."""
    use_new_enough_python()
    python = str(environment(RUNTIME))
    if not has_display():
        say("There is no display here, so the demo store is shown on the command line.")
        return show_answers(python)
    try:
        provide()
    except SetupError as error:
        say(f"{error}\nUntil then, the demo store is shown on the command line.")
        return show_answers(python)
    code = inspector(python).returncode
    if code == 0:
        return 0
    say(f"The window ended with {code}, so the demo store is shown on the command line.")
    return show_answers(python)


def show_answers(python: str) -> int:
    """Print the kinds, and of the record with the longest history its JSON and that history."""
    kinds = answer(python, "kinds")
    kind = max((k for k in kinds if k["count"]), key=lambda k: k["auditCount"])["kind"]
    record = max(answer(python, "list", kind), key=lambda r: r["versions"])["id"]
    for command in (("kinds",), ("show", kind, record), ("history", kind, record)):
        print(f"$ stigmer-inspector {' '.join(command)} --demo", flush=True)
        code = inspector(python, *command).returncode
        if code:
            return code
        print(flush=True)
    return 0


def answer(python: str, *command: str) -> list[dict[str, Any]]:
    """What a command says with ``--json``.

    Raises:
        SetupError: it fails; it has said why itself.
    """
    run = inspector(python, *command, "--json", capture=True)
    if run.returncode:
        raise SetupError(f"The demo store could not be read ({' '.join(command)}).")
    rows: list[dict[str, Any]] = json.loads(run.stdout)
    return rows


def inspector(
    python: str, *command: str, capture: bool = False
) -> subprocess.CompletedProcess[bytes]:
    """Run the inspector on the demo store."""
    return subprocess.run(
        [python, "-m", "inspector", *command, "--demo"],
        cwd=str(ROOT),
        env=child_environment(),
        stdout=subprocess.PIPE if capture else None,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(guard(main))
