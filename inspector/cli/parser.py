"""The parser of the program: the window's arguments, and a parser for each command."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NoReturn

from inspector.cli.arguments import file_name, ordinal, text
from inspector.cli.names import COMMANDS
from inspector.cli.output import Output
from inspector.errors import UsageError
from inspector.invisible import named
from inspector.schema.catalog import AUTO

if TYPE_CHECKING:
    from inspector.cli.command import Command

PROGRAM: Final = "stigmer-inspector"
#: What could be the name of a command; a path, or a name with a suffix, is meant as a file.
_BARE: Final = r"[^-./\\:][^./\\:]*|"
_STAND_IN: Final = r"\x00([0-9]+)"
_SHOWN: Final = 60  #: characters of a mistyped word
_NEAREST: Final = 2


class _Help(argparse.HelpFormatter):
    """Writes a positional that stands for several, such as ``[KIND] ID``, as it is named."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)

    def _format_args(self, action: argparse.Action, default_metavar: str) -> str:
        several = isinstance(action.metavar, str) and " " in action.metavar
        return str(action.metavar) if several else super()._format_args(action, default_metavar)


def _columns() -> int:
    """How wide the terminal is, as ``shutil`` tells it, which takes all formats of archives along.

    It is asked for each argument that is added.
    """
    columns = 0
    with suppress(ValueError):
        columns = int(os.environ.get("COLUMNS", ""))
    if columns <= 0:
        with suppress(AttributeError, ValueError, OSError):
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]
    return columns if columns > 0 else 80


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, as an error of ours."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False, formatter_class=_Help)

    def error(self, message: str) -> NoReturn:
        """Raises the error.

        Raises:
            UsageError: always.
        """
        sentence = message[:1].upper() + message[1:].rstrip(".") + "."
        raise UsageError(sentence, f"{self.prog} --help shows the usage.")

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        if action.option_strings and action.nargs is None and len(arg_strings) == 1:
            # Python up to 3.12 takes "--" away even where it is an option's own value.
            value = self._get_value(action, arg_strings[0])
            self._check_value(action, value)
            return value
        return super()._get_values(action, arg_strings)

    def print_help(self, file: object = None) -> None:
        """Writes the help, in UTF-8 whatever the locale."""
        output = Output()
        output.text(self.format_help())
        output.flush()


def load(name: str) -> Command:
    """A command by its name; its module is imported."""
    command: Command = import_module(f"inspector.cli.commands.{name}_command").COMMAND
    return command


def program(names: Iterable[str] = (), listed: Iterable[str] = COMMANDS) -> Parser:
    """The parser of the whole program.

    Args:
        names: the commands whose arguments are added to their parsers, which imports their
            modules; without theirs a command has its name and its line only.
        listed: the commands that have a parser.
    """
    made = Parser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [FILE ...] [--demo] [--select KIND/ID[@VERSION]]\n"
        f"       {PROGRAM} COMMAND ... [--db FILE | --demo]",
        description="Inspect a Stigmer store, read-only: in a window, or with a COMMAND that"
        " answers on standard output.",
        epilog=f"The first argument decides: a command's name is the command, and a file of that"
        f" name is ./NAME. '{PROGRAM} COMMAND --help' lists the arguments of a command.",
    )
    window = made.add_argument_group("window")
    window.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="stores to open, one window each; FILE@wal:N is FILE as of commit N of its log",
    )
    window.add_argument("--demo", action="store_true", help="open the built-in demo store")
    window.add_argument("--select", metavar="KIND/ID[@VERSION]", help="go to this record")
    made.add_argument("--version", action="store_true", help="print name and version and exit")
    # For tests/tools/smoke.py: see inspector.gui.app.smoke.
    made.add_argument("--smoke", action="store_true", help=argparse.SUPPRESS)
    commands = made.add_subparsers(
        title="commands", prog=PROGRAM, dest="command", metavar="COMMAND"
    )
    # The first argument decides, not argparse, which would take any other for a wrong command.
    commands.nargs = commands.default = argparse.SUPPRESS
    wanted = frozenset(names)
    for name in listed:
        line = COMMANDS[name]
        command = commands.add_parser(name, help=line, description=f"{line}.")
        if name in wanted:
            load(name).add_arguments(command)
            _add_common(command)
    return made


def commands_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers of the commands, by name."""
    [action] = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(action.choices)


def parse_command(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of a command, whose name comes first.

    Raises:
        UsageError: they are wrong.
    """
    name, *rest = arguments
    made = commands_of(program([name], listed=[name]))[name]
    head, tail = _split(rest)
    if not any(map(_may_ask, head)):
        made.usage = ""  # else one is laid out, which takes long and only help shows
    try:
        stood = [*head, *(f"\0{index}" for index in range(len(tail)))]
        words, unknown = made.parse_known_intermixed_args(stood)
        if unknown:
            _refuse(made, unknown)
    except UsageError as error:
        # What stood for them is not what was typed.
        said = re.sub(_STAND_IN, lambda found: tail[int(found[1])], error.message)
        raise UsageError(said, error.hint) from None
    for action in made._get_positional_actions():
        setattr(words, action.dest, _restored(getattr(words, action.dest), tail))
    words.command = name
    return words


def _may_ask(word: str) -> bool:
    """Whether a word may ask for help, be it as one of several letters."""
    return word == "--help" or (word.startswith("-") and not word.startswith("--") and "h" in word)


def parse_window(arguments: Sequence[str]) -> argparse.Namespace:
    """The arguments of a call that names no command.

    Raises:
        UsageError: they are wrong; a bare word that is no file is taken for a mistyped command.
    """
    head, tail = _split(arguments)
    if head and _is_mistyped(head[0]):
        raise _mistyped(head[0])
    # The commands are there to be listed; this call names none.
    asks = not {"-h", "--help"}.isdisjoint(head)
    made = program(listed=COMMANDS if asks else ())
    words, unknown = made.parse_known_args(list(arguments))
    if any(word.split("=")[0] == "--db" for word in unknown):
        raise UsageError("--db is an option of commands.", f"{PROGRAM} FILE opens a window on it.")
    if unknown:
        _refuse(made, unknown)
    for word in words.files[: len(words.files) - len(tail)]:
        if _is_mistyped(word):
            raise _mistyped(word)
    return words


def _is_mistyped(word: str) -> bool:
    return re.fullmatch(_BARE, word) is not None and not os.path.lexists(word)


def _mistyped(word: str) -> UsageError:
    shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
    if word in COMMANDS:
        return UsageError(
            f"There is no file named '{shown}'.",
            f"The command of that name comes first: {PROGRAM} {word}.",
        )
    return UsageError(
        f"There is no command or file named '{shown}'{_nearest(word, COMMANDS)}",
        f"{PROGRAM} --help lists the commands.",
    )


def _refuse(made: argparse.ArgumentParser, words: Sequence[str]) -> NoReturn:
    """Say which words a parser does not take; of an option that there is not, which is the nearest.

    Raises:
        UsageError: always.
    """
    option = next((word.split("=")[0] for word in words if word.startswith("--")), "")
    known = [name for name in made._option_string_actions if name.startswith("--")]
    if not option or option in known:
        made.error(f"unrecognized arguments: {' '.join(map(named, words))}")
    shown = option if len(option) <= _SHOWN else f"{option[:_SHOWN]}…"
    sentence = f"There is no option '{shown}'{_nearest(option, known)}"
    raise UsageError(sentence, f"{made.prog} --help shows the usage.")


def _nearest(word: str, names: Iterable[str]) -> str:
    """How a sentence about a mistyped word ends: with what was meant, where that can be guessed."""
    import difflib  # noqa: PLC0415 - only where something is wrong

    # What options begin with makes none of them like another.
    bare = {name.lstrip("-"): name for name in names}
    small = word.lstrip("-").lower()
    # A name in other letters is that name, however near another one is.
    near = [small] if small in bare else difflib.get_close_matches(small, bare, _NEAREST)
    return f"; did you mean {' or '.join(bare[one] for one in near)}?" if near else "."


def _split(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The words before ``--`` and those behind, which are names even with a hyphen in front."""
    if "--" not in words:
        return words, ()
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _restored(value: Any, tail: Sequence[str]) -> Any:
    """What stands behind ``--``, in place of its stand-in: argparse loses its way there."""
    if isinstance(value, list):
        return [_restored(one, tail) for one in value]
    is_stand_in = isinstance(value, str) and value.startswith("\0")
    return text(tail[int(value[1:])]) if is_stand_in else value


def _add_common(made: argparse.ArgumentParser) -> None:
    common = made.add_argument_group("options of all commands")
    which = common.add_mutually_exclusive_group()
    which.add_argument(
        "--db",
        metavar="FILE",
        type=file_name,
        help="store to read; default: that of this machine",
    )
    which.add_argument("--demo", action="store_true", help="read the built-in demo store")
    common.add_argument(
        "--schema",
        metavar="S",
        default=AUTO,
        help="decode with this release, or with your own schema: a wheel, a descriptor set, or a"
        " folder of .proto files; default: %(default)s",
    )
    common.add_argument(
        "--commit",
        metavar="N",
        type=ordinal,
        help="read the whole store as of this commit of its write-ahead log, as the command commits"
        " numbers them; 0 is before the first; default: its newest state",
    )
    common.add_argument("--json", action="store_true", help="print one JSON document")
    common.add_argument(
        "--reveal-secrets", action="store_true", help="include secrets in the output"
    )
