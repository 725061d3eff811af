"""Completions for bash, zsh and fish, and manual pages, from the parser of the program.

``python packaging/shell_files.py FOLDER`` writes them as they lie in ``share``. Needs shtab.
"""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import shtab

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from changelog import releases  # noqa: E402
from inspector import __version__  # noqa: E402
from inspector.cli.names import COMMANDS  # noqa: E402
from inspector.cli.parser import PROGRAM, commands_of, program  # noqa: E402
from inspector.exit_codes import Exit  # noqa: E402
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

TITLE: Final = "Stigmer Inspector"
SECTION: Final = 1
EXITS: Final[Mapping[Exit, str]] = {
    Exit.DONE: "Done.",
    Exit.NO: "Done, and the answer is no: nothing matched, diff found a difference, check found"
    " errors, or some of a damaged file could not be read.",
    Exit.USAGE: "The call is wrong or ambiguous.",
    Exit.UNREADABLE: "The file cannot be opened or read, or there is no display for a window.",
    Exit.NOT_FOUND: "No such kind, record or version.",
    Exit.UNWRITABLE: "The record cannot be written as asked.",
    Exit.INTERRUPTED: "Interrupted.",
}
STREAMS: Final = (
    "Data goes to standard output, notes and errors to standard error, in UTF-8."
    " Secrets are written as [covered] unless --reveal-secrets is given."
    " The database and the files beside it are never changed."
)


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


def pages(parser: argparse.ArgumentParser, version: str, date: str) -> Iterator[tuple[str, str]]:
    """The name of each page's file, and its text.

    Args:
        parser: of the program, with the arguments of all commands.
        version: of the program.
        date: of the version, ``YYYY-MM-DD``.
    """
    commands = commands_of(parser)
    names = [f"{PROGRAM}-{name}" for name in commands]
    for name, made in ((PROGRAM, parser), *zip(names, commands.values(), strict=True)):
        lines = [
            f'.TH "{name.upper()}" {SECTION} "{date}" "{TITLE} {version}" "{TITLE}"',
            *_section("NAME", f"{_escaped(name)} \\- {_escaped(_line(made, commands))}"),
            *_section("SYNOPSIS", *_synopsis(made)),
            *_section("DESCRIPTION", _escaped(made.description or "")),
            *(".PP", _escaped(made.epilog or STREAMS)),
            *_arguments(made, commands),
            *_exit_status(),
            *_store(),
        ]
        others = sorted({PROGRAM, *names} - {name})
        lines += _section("SEE ALSO", ",\n".join(f".BR {_escaped(n)} ({SECTION})" for n in others))
        yield f"{name}.{SECTION}", _joined(lines)


def _line(made: argparse.ArgumentParser, commands: Mapping[str, object]) -> str:
    name = next((name for name, parser in commands.items() if parser is made), None)
    text = COMMANDS[name] if name else "inspect a Stigmer store, read-only"
    return text[:1].lower() + text[1:]


def _synopsis(made: argparse.ArgumentParser) -> Iterator[str]:
    """The usage as argparse writes it, in one line each where it stands below one another."""
    usage = made.format_usage().removeprefix("usage: ")
    lines = usage.splitlines() if made.usage else [" ".join(usage.split())]
    yield ".nf" if made.usage else ".HP"
    for line in lines:
        words = line.strip()
        yield f"\\fB{_escaped(PROGRAM)}\\fR{_escaped(words.removeprefix(PROGRAM))}"
    if made.usage:
        yield ".fi"


def _arguments(
    made: argparse.ArgumentParser, commands: Mapping[str, argparse.ArgumentParser]
) -> Iterator[str]:
    for group in made._action_groups:
        shown = [a for a in group._group_actions if a.help != argparse.SUPPRESS]
        if not shown:
            continue
        yield from _section((group.title or "").upper())
        for action in shown:
            if isinstance(action, argparse._SubParsersAction):
                for name in commands:
                    yield from (".TP", f".B {_escaped(name)}", _escaped(f"{COMMANDS[name]}."))
            else:
                yield from (".TP", _named(action), _escaped(_help(made, action)))


def _named(action: argparse.Action) -> str:
    if not action.option_strings:
        return f".I {_escaped(str(action.metavar or action.dest))}"
    value = "" if action.nargs == 0 else f" \\fI{_escaped(_value(action))}\\fR"
    return ", ".join(f"\\fB{_escaped(option)}\\fR{value}" for option in action.option_strings)


def _value(action: argparse.Action) -> str:
    if action.metavar is None and action.choices is not None:
        return "|".join(map(str, action.choices))
    return str(action.metavar or action.dest.upper())


def _help(made: argparse.ArgumentParser, action: argparse.Action) -> str:
    text = made._get_formatter()._expand_help(action)
    return f"{text[:1].upper()}{text[1:]}."


def _exit_status() -> Iterator[str]:
    yield from _section("EXIT STATUS")
    for code in Exit:
        yield from (".TP", f".B {code.value}", _escaped(EXITS[code]))


def _store() -> Iterator[str]:
    yield from _section(
        "ENVIRONMENT",
        ".TP",
        ".B DB_PATH",
        "The store that is read where none is named.",
    )
    yield from _section(
        "FILES",
        ".TP",
        _escaped("~/.stigmer/stigmer.sqlite, ~/.stigmer/stigmer.db"),
        _escaped("The store that is read where none is named and $DB_PATH is not set;")
        + "\nthe first that is there.",
    )


def _section(title: str, *lines: str) -> Iterator[str]:
    yield f'.SH "{title}"'
    yield from lines


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _escaped(text: str) -> str:
    """Text in which roff finds no command; a hyphen is one that can be typed."""
    made = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{made}" if made.startswith((".", "'")) else made


if __name__ == "__main__":
    sys.exit(main())
