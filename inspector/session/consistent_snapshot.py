"""One state of a store for work that takes long, while others go on writing to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import TYPE_CHECKING, Final

from inspector.errors import StoreError
from inspector.named_tuple import NamedTuple
from inspector.store.files import Signature
from inspector.store.private_copies import private_file
from inspector.store.rows import Cancel, Label
from inspector.store.store import Store

if TYPE_CHECKING:
    from inspector.session.session import Session

_SEVERAL: Final = (
    "The store was written meanwhile, and could not be copied first ({}): what is here may be of"
    " more than one moment."
)


class OneState(NamedTuple):
    """A state of a store.

    Attributes:
        session: reads it as the session it is of does.
        doubt: gives a sentence where it was not one state after all, else nothing; asked when all
            is read.
    """

    session: Session
    doubt: Callable[[], str]


@contextmanager
def one_state(
    session: Session, cancel: Cancel | None, progress: Callable[[int, int], None]
) -> Iterator[OneState]:
    """The store as it is now, for as long as the block lasts.

    What never changes is read where it lies. Everything else is copied first, to a private file
    that is gone afterwards: to hold on to one state of a file for long would keep its daemon from
    beginning its WAL anew. Where there can be no copy, such as without room for it, it is read
    where it lies.

    Args:
        session: the store.
        cancel: ends the copying when set.
        progress: told now and then how many pages are copied, and of how many.

    Raises:
        StoreError: the store is gone.
        CancelledError: ``cancel`` was set.
    """
    if session.store.moment is not None or session.facts(cancel).label is Label.DEMO:
        yield OneState(session, lambda: "")
        return
    before = session.store.signature()
    with ExitStack() as stack:
        try:
            path = stack.enter_context(private_file(session.store.real_path))
            session.store.copy_to(path, cancel, progress)
            copy = Store(path, label=session.facts(cancel).label)
            copied = stack.enter_context(closing(session.reading(copy)))
        except (StoreError, OSError) as error:
            # What was written of it may be what there is no room for.
            stack.close()
            words = error.message if isinstance(error, StoreError) else str(error.strerror or error)
            yield OneState(session, lambda: _doubt(session, before, words))
        else:
            yield OneState(copied, lambda: "")


def _doubt(session: Session, before: Signature, reason: str) -> str:
    with suppress(StoreError):
        if session.store.signature() == before:
            return ""
    return _SEVERAL.format(reason.rstrip("."))
