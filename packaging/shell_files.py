"""Completions for bash, zsh and fish, and manual pages, from the parser of the program.

``python packaging/shell_files.py FOLDER`` writes them as they lie in ``share``. Needs shtab.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import shtab

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from changelog import releases  # noqa: E402
from manual import pages  # noqa: E402

from inspector import __version__  # noqa: E402
from inspector.cli.names import COMMANDS  # noqa: E402
from inspector.cli.parser import PROGRAM, commands_of, program  # noqa: E402
from inspector.schema.catalog import AUTO  # noqa: E402
from inspector.schema.catalog import releases as schema_releases  # noqa: E402

#: Where each shell looks below ``share``: of the system, which is Debian's, and of a Python prefix.
SYSTEM: Final = {
    "bash": f"bash-completion/completions/{PROGRAM}",
    "zsh": f"zsh/vendor-completions/_{PROGRAM}",
    "fish": f"fish/vendor_completions.d/{PROGRAM}.fish",
}
PREFIX: Final = {**SYSTEM, "zsh": f"zsh/site-functions/_{PROGRAM}"}
MANUAL: Final = "man/man1"
#: What an argument is called that names a file.
FILES: Final = ("FILE", "OUT")
#: In bash, what completes the first word; shtab tells by the name that there are files among it.
BASH_FIRST: Final = "_stigmer_inspector_command_or_file"
#: In zsh, the line of shtab that offers the commands.
ZSH_COMMANDS: Final = f"  _describe '{PROGRAM} commands' _commands"


def main() -> int:
    """Writes the files for a system."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("folder", type=Path)
    write_shell_files(words.parse_args().folder)
    return 0


def write_shell_files(share: Path) -> None:
    """Write them into the folder that becomes ``/usr/share``; manual pages are compressed."""
    for name, text in shell_files(SYSTEM):
        target = share / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name.startswith(MANUAL):
            packed = gzip.compress(text.encode(), mtime=0)
            target.with_name(f"{target.name}.gz").write_bytes(packed)
        else:
            target.write_text(text, encoding="utf-8", newline="\n")


def shell_files(places: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The name of each file below ``share``, and its text.

    Args:
        places: that of the completions, by shell.
    """
    for shell, place in places.items():
        yield place, completion(shell)
    for name, text in pages(program(COMMANDS), __version__, releases()[0].date):
        yield f"{MANUAL}/{name}", text


def completion(shell: str) -> str:
    """The completions of a shell."""
    parser = program(COMMANDS)
    for made in (parser, *commands_of(parser).values()):
        for action in made._actions:
            if action.metavar in FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
            if "--schema" in action.option_strings:
                action.choices = (AUTO, *schema_releases())
    # The first word is a command or a file, while shtab knows of one or the other.
    [files] = (action for action in parser._actions if action.dest == "files")
    if shell == "bash":
        files.complete = {"bash": BASH_FIRST}  # type: ignore[attr-defined]
    if shell == "zsh":
        files.help = argparse.SUPPRESS
    text = shtab.complete(parser, shell, preamble=_bash_first() if shell == "bash" else "")
    return _with_files(text) if shell == "zsh" else f"{text.rstrip()}\n"


def _bash_first() -> str:
    commands = f'[[ $COMP_CWORD = 1 ]] && compgen -W "{" ".join(COMMANDS)}" -- "$1"'
    return f'{BASH_FIRST}() {{\n  {commands}\n  compgen -f -- "$1"\n}}\n'


def _with_files(text: str) -> str:
    """Zsh's completions, with files where shtab knows of commands only."""
    for known, made in (
        (f"{ZSH_COMMANDS}\n", f"{ZSH_COMMANDS}\n  _files\n"),
        ("\n      esac\n", "\n        *) _files ;;\n      esac\n"),
    ):
        if text.count(known) != 1:
            raise ValueError("shtab writes zsh's completions in a way that is not known here.")
        text = text.replace(known, made)
    return text


if __name__ == "__main__":
    sys.exit(main())
