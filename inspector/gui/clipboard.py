"""What views give to the clipboard: the view that has the focus answers, else one around it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from PySide6.QtWidgets import QWidget

from inspector.named_tuple import NamedTuple


class Clip(NamedTuple):
    """What is copied.

    Attributes:
        text: a text, or what writes it in the worker.
        said: the sentence of the status line, empty for none.
    """

    text: str | Callable[[Event], str]
    said: str


#: Nothing can be copied here, and from nowhere around it either.
NO_CLIP = Clip("", "")


class ClipSource:
    """A view that something can be copied from."""

    def copy(self) -> Clip | None:
        """What is copied while the focus is within; None where what is around it answers."""
        raise NotImplementedError


def clip_at(focus: QWidget | None) -> Clip | None:
    """What the view with the focus gives, or the first one around it that has an answer."""
    while focus is not None:
        clip = focus.copy() if isinstance(focus, ClipSource) else None
        if clip is not None:
            return clip
        focus = focus.parentWidget()
    return None
