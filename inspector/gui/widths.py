"""How a window nobody has arranged shares its width between the three panes."""

from __future__ import annotations

from typing import Final

MINIMUM: Final = (152, 240, 420)  #: widths of the panes, below which none goes
_WHERE: Final = 0.22  #: of the window, the most that the kinds take where text is large
_LARGE: Final = 1.3  #: how much wider than its minimum the record is where text is large
_BESIDE: Final = 300  #: width of the list beside a history
_WIDEST_BESIDE: Final = 380  #: the same, where text is large


def shares(width: int, *, beside: bool = False, scale: float = 1.0) -> list[int]:
    """Widths of the three panes.

    The record needs its width first: the list gives way by dropping columns, ``beside`` a history
    most of them.

    Args:
        width: of the window, in device-independent pixels.
        beside: whether the record shows its history or its activity.
        scale: how much larger text is than a 13 px font.
    """
    where = 192 if width >= 1200 else 164
    where = max(where, round(min(where * scale, width * _WHERE)))
    share = min(0.51, 0.34 + 0.17 * max(0, width - 1024) / (1440 - 1024))
    room = width - where - MINIMUM[2] * min(scale, _LARGE)
    which = max(MINIMUM[1], round(min((width - where) * share, room)))
    if beside:
        which = min(which, round(min(_BESIDE * scale, _WIDEST_BESIDE)))
    return [where, which, width - where - which]
