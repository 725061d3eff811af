"""How a window nobody has arranged shares its width between the three panes."""

from __future__ import annotations

from typing import Final

MINIMUM: Final = (152, 240, 420)  #: widths of the panes, below which none goes
_WHERE: Final = 0.22  #: of the window, the most that the kinds take where text is large
_LARGE: Final = 1.3  #: how much wider than its minimum the record is where text is large


def shares(width: int, *, scale: float = 1.0) -> list[int]:
    """Widths of the three panes.

    The record needs its width first: the list gives way by dropping columns. They are the same
    whatever tab the record shows, so that nothing moves under the pointer that chooses one; at
    1440 pixels two texts have room beside each other, at 1920 a timeline and a difference.

    Args:
        width: of the window, in device-independent pixels.
        scale: how much larger text is than a 13 px font.
    """
    where = 192 if width >= 1200 else 164
    where = max(where, round(min(where * scale, width * _WHERE)))
    share = min(0.4, 0.34 + 0.05 * max(0, width - 1024) / (1440 - 1024))
    room = width - where - MINIMUM[2] * min(scale, _LARGE)
    which = max(MINIMUM[1], round(min((width - where) * share, room)))
    return [where, which, width - where - which]
