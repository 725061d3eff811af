"""Makes the project's environment in ``.venv`` from the locked versions.

They are installed by uv where that can be had from the package index, which takes a fraction of the
time, and by pip otherwise; both check the hashes of the lock.

Standard library only. Until :func:`use_new_enough_python` has been called it runs on whatever
Python the person has, so the syntax here stays that of Python 3.8.
"""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    Command = Sequence[str | Path]

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STATE = ROOT / ".tools"
LOCKS = ROOT / "packaging"
RUNTIME = LOCKS / "locked.txt"
DEVELOPMENT = LOCKS / "locked-dev.txt"
BUILD = LOCKS / "locked-build.txt"
TOOLS = LOCKS / "locked-tools.txt"
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")

# A person's pip settings for indexes, proxies and certificates are theirs; these would make it
# install elsewhere than it is told to, or refuse to.
PIP_SETTINGS = {
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_NO_INPUT": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_ROOT_USER_ACTION": "ignore",
}
PIP_INSTALL = ("-m", "pip", "install", "--require-hashes", "--only-binary", ":all:")
UV_INSTALL = ("-m", "uv", "pip", "install", "--require-hashes", "--only-binary", ":all:")
# What uv calls the settings of pip that say where packages come from.
UV_SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


class SetupError(Exception):
    """What keeps the environment from being made, in a sentence that says what to do."""


def say(text: str) -> None:
    """A line for the person; stdout belongs to the program that is started."""
    print(text, file=sys.stderr, flush=True)


def guard(main: Callable[[], int]) -> int:
    """Exit code of ``main``; an expected failure is its sentence on stderr and 1, Ctrl-C 130.

    It is 141, as shells have it, where who reads stdout has gone.
    """
    try:
        return main()
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Python would write what is left when it ends, and say that it cannot.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def use_new_enough_python() -> None:
    """Go on with Python 3.11 or newer: this one, or else one on the PATH.

    Raises:
        SetupError: there is none.
        SystemExit: another Python ran the program to its end.
    """
    if sys.version_info[:2] >= OLDEST:
        return
    check = f"import sys; sys.exit(sys.version_info[:2] < {OLDEST})"
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found and succeeds([found, "-c", check]):
            sys.exit(subprocess.call([found, *sys.argv]))
    here = ".".join(map(str, sys.version_info[:2]))
    raise SetupError(
        f"Python 3.11 or newer is needed, and this is {here}. "
        f"Install one and run: python3.11 {' '.join(sys.argv)}"
    )


def environment(lock: Path) -> Path:
    """Python of an environment that has what ``lock`` names; made or renewed where it has not.

    Raises:
        SetupError: it cannot be made.
    """
    if not is_current(lock):
        try:
            with only_one():
                if not is_current(lock):
                    make(lock)
        except OSError as error:
            raise SetupError(
                f"The environment cannot be made in {ROOT} ({error.strerror or error}). "
                "Copy the project to a folder that you can write to and run this there."
            ) from error
    return venv_python()


def venv_python() -> Path:
    """Where the environment's Python is, or will be."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def child_environment() -> dict[str, str]:
    """Variables for a program of the project, which is run from its root and is not installed."""
    left_out = ("PYTHONPATH", "PYTHONHOME")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(ROOT)}


def is_current(lock: Path) -> bool:
    """Whether the environment is finished and has exactly these locked versions."""
    try:
        stamped = stamp(lock).read_text(encoding="ascii")
    except OSError:
        return False
    # A symbolic link to a Python that has been removed does not exist either.
    return stamped == digest(lock) and venv_python().exists() and not unfinished().exists()


def stamp(lock: Path) -> Path:
    """The file that says which state of ``lock`` is installed."""
    return VENV / (lock.stem + ".sha256")


def digest(lock: Path) -> str:
    """Hash of a lock file."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def unfinished() -> Path:
    """The file that is there while the environment is being changed, or when that was cut off."""
    return STATE / "unfinished"


def make(lock: Path) -> None:
    """Create the environment where there is none that can be used, and install into it."""
    if unfinished().exists() or not usable(venv_python()):
        unfinished().touch()
        say(f"Making the environment in {VENV}. This is done once and fetches about 100 MB.")
        create()
    unfinished().touch()
    say(f"Installing the versions of {lock.relative_to(ROOT)}.")
    if not (install_with_uv(lock) or install_with_pip(lock)):
        raise SetupError(
            "The locked versions could not be installed; pip says why above. "
            "They are fetched from the package index that pip is set up for. Try again later."
        )
    # What the program needs is part of what its tests need.
    for installed in {RUNTIME, lock}:
        stamp(installed).write_text(digest(installed), encoding="ascii")
    unfinished().unlink()


def install_with_uv(lock: Path) -> bool:
    """Whether uv could be had and has installed a lock; what it says goes to stderr."""
    folder = tools(venv_python())
    if folder is None:
        say("uv could not be fetched, so pip installs them; that takes longer.")
        return False
    install: Command = [venv_python(), *UV_INSTALL, "--quiet", "--python", venv_python()]
    settings = {**uv_settings(), "PYTHONPATH": str(folder)}
    if succeeds([*install, "-r", lock], show=True, **settings):
        return True
    say("uv could not install them, so pip is asked.")
    return False


def install_with_pip(lock: Path) -> bool:
    """Whether the environment's own pip has installed a lock; what it says goes to stderr."""
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    return succeeds([venv_python(), *PIP_INSTALL, *quiet, "-r", lock], show=True)


def tools(python: str | Path) -> Path | None:
    """The folder with the locked uv and virtualenv, installed by a Python's pip; None without.

    They lie in a folder of their own, outside of what is installed for the project.
    """
    folder = STATE / f"tools-{digest(TOOLS)[:16]}"
    if not folder.exists():
        made = folder.with_suffix(".new")
        shutil.rmtree(made, ignore_errors=True)
        if not succeeds([python, *PIP_INSTALL, "--quiet", "--target", made, "-r", TOOLS]):
            return None
        for earlier in STATE.glob("tools-*"):
            if earlier != made:
                shutil.rmtree(earlier)
        made.mkdir(exist_ok=True)
        made.rename(folder)
    return folder


def uv_settings() -> dict[str, str]:
    """Where packages come from, as pip is set up: uv reads none of pip's settings.

    What a person has set for uv itself stays.
    """
    command = [str(venv_python()), "-m", "pip", "config", "list"]
    run = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    found = {}
    # A line such as global.index-url='...'; those of the environment, :env:.index-url, win.
    for line in sorted(run.stdout.splitlines(), key=lambda line: line.startswith(":env:")):
        name, _, value = line.partition("=")
        variable = UV_SETTINGS.get(name.rpartition(".")[2])
        if variable and variable not in os.environ:
            comma = "," if variable == "UV_FIND_LINKS" else " "
            found[variable] = comma.join(ast.literal_eval(value).split())
    return found


def usable(python: Path) -> bool:
    """Whether an environment's Python is new enough and has pip."""
    check = f"import pip, sys; sys.exit(sys.version_info[:2] < {OLDEST})"
    return python.exists() and succeeds([python, "-c", check])


def create() -> None:
    """Make an empty environment with pip, in place of what is there.

    Debian keeps ``ensurepip`` in a package of its own, and without it ``venv`` fails, while
    ``virtualenv`` brings its own pip. It goes to a folder of its own: Debian's pip allows that.
    """
    if VENV.exists():
        shutil.rmtree(VENV)
    if succeeds([sys.executable, "-m", "venv", VENV]):
        return
    if not succeeds([sys.executable, "-m", "pip", "--version"]):
        raise SetupError(
            "This Python has neither a complete venv module nor pip. "
            "Install them and run this again; on Debian: apt-get install python3-venv"
        )
    folder = tools(sys.executable)
    if folder is None:
        raise SetupError(
            "virtualenv could not be fetched from the package index that pip is set up for. "
            "Try again later; another way on Debian is: apt-get install python3-venv"
        )
    variables = {"PYTHONPATH": str(folder), "VIRTUALENV_OVERRIDE_APP_DATA": str(STATE / "data")}
    virtualenv: Command = [sys.executable, "-m", "virtualenv", "--quiet", "--clear", VENV]
    if not succeeds(virtualenv, show=True, **variables):
        raise SetupError(
            "The environment could not be made with virtualenv; what went wrong is said above. "
            "Another way on Debian is: apt-get install python3-venv"
        )
    shutil.rmtree(STATE / "data", ignore_errors=True)


def succeeds(command: Command, show: bool = False, **variables: str) -> bool:
    """Whether a command that reads nothing ends with 0.

    What it prints goes to stderr with ``show``, else nowhere. It inherits the lock of
    :func:`only_one`: if we are killed, the next run waits for it to end.
    """
    output = sys.stderr if show else subprocess.DEVNULL
    environ = {**os.environ, **PIP_SETTINGS, "PYTHONPATH": "", **variables}
    environ.pop("PYTHONHOME", None)
    try:
        code = subprocess.call(
            [str(part) for part in command],
            cwd=str(ROOT),
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            close_fds=False,
        )
    except OSError:
        return False
    return code == 0


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock of this checkout's set-up, waiting for another run to give it back."""
    STATE.mkdir(exist_ok=True)
    with (STATE / "lock").open("a") as file:
        os.set_inheritable(file.fileno(), True)
        if not lock_file(file, wait=False):
            say("Another set-up is running in this folder; waiting for it to end.")
            lock_file(file, wait=True)
        yield


if sys.platform == "win32":
    import msvcrt

    def lock_file(file: IO[str], wait: bool) -> bool:
        """Take the lock; False where another process has it and ``wait`` is not set."""
        while True:
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
            except OSError:
                # Windows itself gives up after ten seconds.
                if not wait:
                    return False
            else:
                return True

else:
    import fcntl

    def lock_file(file: IO[str], wait: bool) -> bool:
        """Take the lock; False where another process has it and ``wait`` is not set."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True
