"""Makes the environment with the test tools and runs the tests: python3 packaging/test.py.

Arguments are pytest's; without -n they run in two processes. With --oldest in front of them the
tests run with the oldest versions of its libraries that pyproject.toml allows, with --newest with
the newest, and where nothing else is asked for only those that run these libraries.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bootstrap import (
    DEVELOPMENT,
    ROOT,
    VENV,
    SetupError,
    child_environment,
    environment,
    guard,
    only_one,
    say,
    tools,
    use_new_enough_python,
    uv_settings,
)
from system import provide, provide_test_tools

# With these, pytest-xdist is told how many processes, or cannot be used.
PROCESS_OPTIONS = ("-n", "--numprocesses", "--dist", "--pdb", "--trace")
# What uv calls them: all but the program's own requirements, such as shiboken6, is the newest.
RESOLUTIONS = {"--oldest": "lowest-direct", "--newest": "highest"}
# Of the window, the tests that go through it as a whole.
WITH_OTHER_VERSIONS = (
    *("tests/schema", "tests/decode", "tests/store", "tests/session", "tests/history"),
    *(
        "tests/export",
        "tests/cli",
        "tests/gui/app/test_smoke.py",
        "tests/gui/app/test_schema_controller.py",
    ),
)
# What uv ends with where it gets no answer; with 1 it has one, and nothing in it fits.
NO_ANSWER = 2


def main() -> int:
    """Exit code of pytest."""
    use_new_enough_python()
    python = environment(DEVELOPMENT)
    build_compiled(python)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    provide()
    provide_test_tools()
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in RESOLUTIONS:
        return run_pytest(python, arguments, child_environment())
    asked = arguments.pop(0)
    if not any((ROOT / one.partition("::")[0]).exists() for one in arguments):
        arguments += WITH_OTHER_VERSIONS
    with tempfile.TemporaryDirectory(prefix="stigmer-inspector-") as folder:
        if not install_other_versions(python, asked, Path(folder)):
            return 0
        path = os.pathsep.join((folder, str(ROOT)))
        return run_pytest(python, arguments, {**child_environment(), "PYTHONPATH": path})


def build_compiled(python: Path) -> None:
    """Build the compiled part; where that cannot be it says why, and Python alone is tested."""
    command = [str(python), str(ROOT / "packaging" / "compiled.py")]
    subprocess.run(command, stdin=subprocess.DEVNULL, check=False)


def run_pytest(python: Path, arguments: list[str], variables: dict[str, str]) -> int:
    """Its exit code."""
    processes = [] if any(a.startswith(PROCESS_OPTIONS) for a in arguments) else ["-n", "2"]
    command = [str(python), "-m", "pytest", *processes, *arguments]
    with subprocess.Popen(command, cwd=str(ROOT), env=variables) as pytest:
        while True:
            try:
                return pytest.wait()
            except KeyboardInterrupt:
                # The terminal told pytest too, which now writes its summary.
                continue


def install_other_versions(python: Path, asked: str, folder: Path) -> bool:
    """Whether a folder has other versions of the program's libraries now than the locked ones.

    A line says why not: no package index answers, or it has no others.

    Raises:
        SetupError: what the index has does not fit together.
    """
    with only_one():
        uv = tools(python)
        if uv is None:
            say(f"No package index answers, so nothing is tested with {asked}.")
            return False
        install = [str(python), "-m", "uv", "pip", "install", "--quiet", "--only-binary", ":all:"]
        install += ["--resolution", RESOLUTIONS[asked], "--python", str(python)]
        run = subprocess.run(
            [*install, "--target", str(folder), "-r", str(ROOT / "pyproject.toml")],
            env={**os.environ, **uv_settings(), "PYTHONPATH": str(uv)},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
    if run.returncode == NO_ANSWER:
        say(f"{run.stderr}No package index answers, so nothing is tested with {asked}.")
        return False
    if run.returncode:
        raise SetupError(f"{run.stderr}The versions for {asked} could not be installed.")
    found = installed(folder)
    names = ", ".join(sorted(found))
    if found <= {
        name for site in VENV.glob("[Ll]ib*/**/site-packages") for name in installed(site)
    }:
        say(f"With {asked} the versions are those of the lock: {names}.")
        return False
    say(f"Testing with {names}.")
    return True


def installed(folder: Path) -> set[str]:
    """The distributions in a folder, each with its version."""
    found = (path.name for path in folder.glob("*.dist-info"))
    return {name[: -len(".dist-info")].lower().replace("-", " ") for name in found}


if __name__ == "__main__":
    sys.exit(guard(main))
