"""Where the runs of a cell stand, and what goes when there is no room for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from PySide6.QtGui import QFont, QFontMetrics

from inspector.gui.style.fonts import Fonts, row_height_of, unit
from inspector.gui.style.text_runs import Elide, Run, Style

ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_MOST: Final = 1000  #: characters of a run that are ever measured
_ICON: Final = 16
_ICON_GAP: Final = 4
_BOX_PAD: Final = 4
_MOST_ADVANCES: Final = 8192  #: widths of texts that are kept


class Placed(NamedTuple):
    """A run with the text that is drawn of it, its left edge and its width."""

    run: Run
    text: str
    x: int
    width: int


class Placing(NamedTuple):
    """The placed runs of a cell; ``cut`` says that something of it is not to be seen."""

    placed: tuple[Placed, ...]
    cut: bool


class Measure:
    """Widths of text in the fonts of a widget; kept as long as the font is the same."""

    def __init__(self, fonts: Fonts) -> None:
        self.fonts = fonts
        names = ("body", "small", "bold", "fixed", "small_bold")
        self._metrics = {name: QFontMetrics(fonts.named(name)) for name in names}
        body = self._metrics["body"]
        self.unit = unit(fonts.body)
        self.ascent, self.descent = body.ascent(), body.descent()
        self.row_height = row_height_of(body)
        self._advances: dict[tuple[str, str], int] = {}
        self._styled: dict[Style, QFont] = {}

    def px(self, size: float) -> int:
        """A size drawn for a 13 px font, as :func:`~inspector.gui.style.fonts.px` gives it."""
        return round(size * self.unit)

    def metrics(self, run: Run) -> QFontMetrics:
        """The metrics of a run's font."""
        return self._metrics[run.style.font]

    def font(self, run: Run) -> QFont:
        """The font of a run, with what its style adds."""
        style = run.style
        if not (style.underline or style.strike or style.italic):
            return self.fonts.named(style.font)
        font = self._styled.get(style)
        if font is None:
            font = self._styled[style] = QFont(self.fonts.named(style.font))
            font.setUnderline(style.underline)
            font.setStrikeOut(style.strike)
            font.setItalic(style.italic)
        return font

    def around(self, run: Run) -> int:
        """What a run takes besides its text: icon and box."""
        icon = _ICON + (_ICON_GAP if run.text else 0) if run.icon else 0
        return round((icon + (2 * _BOX_PAD if run.style.box else 0)) * self.unit)

    def width(self, run: Run) -> int:
        """Width of a run in full."""
        return self.around(run) + self._advance(run.style.font, run.text[:_MOST])

    def _advance(self, font: str, text: str) -> int:
        """Width of a text. The same ones are measured whenever the view is painted."""
        key = font, text
        found = self._advances.get(key)
        if found is None:
            if len(self._advances) >= _MOST_ADVANCES:
                self._advances.clear()
            found = self._advances[key] = self._metrics[font].horizontalAdvance(text)
        return found

    def gap(self, run: Run) -> int:
        """Distance of a run to the one before it."""
        return round(run.gap * self.unit)

    def total(self, runs: Sequence[Run]) -> int:
        """Width of several runs with the gaps between them."""
        return sum(map(self.width, runs)) + sum(map(self.gap, runs[1:]))


def place(runs: Sequence[Run], width: int, measure: Measure, *, right: bool = False) -> Placing:
    """Place runs in a width.

    Optional runs go first, the last of them first of all; then runs that may be cut are, again from
    the last; a run that may not be cut and has no room becomes an ellipsis, never a part of itself.
    One that may be cut and of which nothing would be left makes room for those before it.
    """
    kept, widths = list(runs), [measure.width(run) for run in runs]
    texts = [run.text[:_MOST] for run in runs]
    if sum(widths) + sum(map(measure.gap, runs[1:])) > width:
        kept = _drop_optional(runs, width, measure)
        texts, widths = _cut(kept, width, measure)
        while (gone := _emptied(kept, texts)) is not None:
            del kept[gone]
            texts, widths = _cut(kept, width, measure)
    cut = len(kept) < len(runs) or any(t != r.text for t, r in zip(texts, kept, strict=True))
    total = sum(widths) + sum(map(measure.gap, kept[1:]))
    x = width - total if right else 0
    spare = max(0, width - total)
    placed = []
    for index, run in enumerate(kept):
        x += measure.gap(run) if index else 0
        if run.right:
            x, spare = x + spare, 0
        placed.append(Placed(run, texts[index], x, widths[index]))
        x += widths[index]
    return Placing(tuple(placed), cut)


def _drop_optional(runs: Sequence[Run], width: int, measure: Measure) -> list[Run]:
    kept = list(runs)
    while measure.total(kept) > width:
        optional = [index for index, run in enumerate(kept) if run.optional]
        if not optional or len(kept) == 1:
            break
        del kept[optional[-1]]
    return kept


def _emptied(runs: Sequence[Run], texts: Sequence[str]) -> int | None:
    """The last run of which cutting has left an ellipsis alone; never the first."""
    for index in range(len(runs) - 1, 0, -1):
        run = runs[index]
        if texts[index] == ELLIPSIS != run.text and run.elide != Elide.ElideNone:
            return index
    return None


def _cut(runs: Sequence[Run], width: int, measure: Measure) -> tuple[list[str], list[int]]:
    texts = [run.text[:_MOST] for run in runs]
    widths = [measure.width(run) for run in runs]
    over = sum(widths) + sum(map(measure.gap, runs[1:])) - width
    for elidable in (True, False):
        for index in range(len(runs) - 1, -1, -1):
            run = runs[index]
            if over <= 0 or (run.elide != Elide.ElideNone) != elidable or not run.text:
                continue
            before = widths[index]
            texts[index] = _shortened(run, before - over - measure.around(run), measure)
            advance = measure.metrics(run).horizontalAdvance(texts[index])
            widths[index] = measure.around(run) + advance
            over -= before - widths[index]
    return texts, widths


def _shortened(run: Run, width: int, measure: Measure) -> str:
    if run.elide == Elide.ElideNone:
        return ELLIPSIS
    return measure.metrics(run).elidedText(run.text[:_MOST], run.elide, max(0, width)) or ELLIPSIS
