"""What a command is; each module in inspector/cli/commands declares one as ``COMMAND``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from inspector.cli.output import Output
from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple

if TYPE_CHECKING:
    from inspector.session.session import Session

Run = Callable[["Session", argparse.Namespace, Output], int]
AddArguments = Callable[[argparse.ArgumentParser], object]
Prepare = Callable[[argparse.Namespace], object]
Alone = Callable[[argparse.Namespace, Output], int]
Unopened = Callable[[argparse.Namespace, StoreError, Output], int]


def no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Adds nothing to what all commands have."""


def _nothing(_words: argparse.Namespace) -> None:
    """Leaves the arguments as they are."""


class Command(NamedTuple):
    """A command of the command line.

    Attributes:
        run: answers on an open store and returns the exit code.
        add_arguments: adds its own arguments to those of all commands.
        any_sqlite: answers on a SQLite file that is no Stigmer store too.
        tells_damage: needs no note on damage elsewhere in the file, or speaks of it itself.
        prepare: checks and completes the arguments before the store is opened that they name.
        alone: answers without any store, in place of ``run``.
        unopened: answers where the file cannot be opened, or raises the error it is given.
    """

    run: Run
    add_arguments: AddArguments = no_arguments
    any_sqlite: bool = False
    tells_damage: bool = False
    prepare: Prepare = _nothing
    unopened: Unopened | None = None
    alone: Alone | None = None
