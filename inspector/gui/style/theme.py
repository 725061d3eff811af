"""Colours: one set of named tokens for light and one for dark, and their WCAG contrast."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from inspector.named_tuple import NamedTuple

TEXT_RATIO: Final = 4.5  #: the least contrast of text
OUTLINE_RATIO: Final = 3.0  #: the least contrast of an input's outline
_STEPS: Final = 20
_MOST_COLORS: Final = 1024  #: whose luminance is remembered


@lru_cache(_MOST_COLORS)
def luminance(color: str) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white)."""
    q = QColor(color)
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (q.redF(), q.greenF(), q.blueF())
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 (none) to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lowest(color: str, grounds: Iterable[str]) -> float:
    """The lowest contrast of a colour over several grounds."""
    return min(ratio(color, ground) for ground in grounds)


def mix(one: str, other: str, share: float) -> str:
    """A colour between two: ``share`` 0 gives the first, 1 the second."""
    a, b = QColor(one), QColor(other)
    parts = zip((a.redF(), a.greenF(), a.blueF()), (b.redF(), b.greenF(), b.blueF()), strict=True)
    return QColor.fromRgbF(*(x + (y - x) * share for x, y in parts)).name()


def readable(color: str, grounds: tuple[str, ...], towards: str, least: float) -> str:
    """Move a colour in steps towards another until it has the least contrast on every ground.

    Returns the last step, ``towards`` itself, where even that does not reach it.
    """
    for step in range(_STEPS + 1):
        moved = mix(color, towards, step / _STEPS)
        if lowest(moved, grounds) >= least:
            return moved
    return towards


Group = QPalette.ColorGroup
Role = QPalette.ColorRole


class ColourTokens(NamedTuple):
    """Colours by what they are for, as ``#rrggbb``."""

    ground: str
    bars: str
    text: str
    dim: str
    line: str
    selection: str
    selected_text: str
    selected_dim: str
    unfocused: str
    hover: str
    link: str
    added: str
    changed: str
    removed: str
    literal: str
    tint_added: str
    tint_removed: str
    tint_changed: str
    tint_span: str
    inline_added: str
    inline_removed: str
    found: str
    outline: str
    menu: str

    def color(self, name: str) -> QColor:
        """The colour of a token by its name."""
        return QColor(getattr(self, name))

    def grounds(self) -> tuple[str, ...]:
        """Every ground that text of any accent may stand on."""
        return (
            *(self.ground, self.bars, self.hover, self.unfocused),
            *(self.tint_added, self.tint_removed, self.tint_changed, self.tint_span),
        )


LIGHT: Final = ColourTokens(
    ground="#FFFFFF",
    bars="#F4F4F3",
    text="#1B1C1E",
    dim="#5C6066",
    line="#D9DADC",
    selection="#2B63B5",
    selected_text="#FFFFFF",
    selected_dim="#EAEFF8",
    unfocused="#DADFE7",
    hover="#EFF2F6",
    link="#1B5CB0",
    added="#166534",
    changed="#865000",
    removed="#B42318",
    literal="#6B3FA0",
    tint_added="#E4F3E7",
    tint_removed="#FBE7E5",
    tint_changed="#FBF2DE",
    tint_span="#E3ECF9",
    inline_added="#AFDFBB",
    inline_removed="#F4B9B3",
    found="#FFE38A",
    outline="#BCBEC2",
    menu="#FFFFFF",
)

DARK: Final = ColourTokens(
    ground="#1A1B1D",
    bars="#242629",
    text="#E3E4E6",
    dim="#A8ADB4",
    line="#383B40",
    selection="#2F66B8",
    selected_text="#FFFFFF",
    selected_dim="#EAF0F8",
    unfocused="#363D4A",
    hover="#26292E",
    link="#86B4FF",
    added="#6CCB84",
    changed="#E3B34C",
    removed="#FF938A",
    literal="#C9A8FF",
    tint_added="#1B3123",
    tint_removed="#3A2120",
    tint_changed="#342B18",
    tint_span="#23344F",
    inline_added="#2B5C3A",
    inline_removed="#73322D",
    found="#6B5510",
    outline="#9CA2AA",
    menu="#303338",
)

ACCENTS: Final = ("dim", "link", "added", "changed", "removed", "literal")


def is_dark(palette: QPalette) -> bool:
    """Whether views are dark: the lightness of ``Base`` decides."""
    return palette.color(Role.Base).lightness() < 128


#: Of one window that is entered and left there are some 70; where they are too many all go.
_MOST_PALETTES: Final = 1024
_cache: dict[tuple[int, ...], ColourTokens] = {}
#: The same by Qt's key of a palette, which is another one as soon as a colour of it is, and the
#: group it stands at: a key is asked for in every cell that is painted.
_by_palette: dict[tuple[int, Group], ColourTokens] = {}


def tokens_of(palette: QPalette) -> ColourTokens:
    """The tokens that belong to a palette: ours as they are, others with accents made readable."""
    palette_key = palette.cacheKey(), palette.currentColorGroup()
    tokens = _by_palette.get(palette_key)
    if tokens is None:
        if len(_by_palette) >= _MOST_PALETTES:
            _by_palette.clear()
        tokens = _by_palette[palette_key] = _by_colors(palette)
    return tokens


def _by_colors(palette: QPalette) -> ColourTokens:
    colors = (
        *(palette.color(role) for role in (Role.Base, Role.Window, Role.Text)),
        *(palette.color(Group.Active, role) for role in (Role.Highlight, Role.HighlightedText)),
    )
    key = tuple(color.rgba() for color in colors)
    tokens = _cache.get(key)
    if tokens is None:
        tokens = _cache[key] = _derive(palette)
    return tokens


def _derive(palette: QPalette) -> ColourTokens:
    own = DARK if is_dark(palette) else LIGHT
    platform = own._replace(
        ground=palette.color(Role.Base).name().upper(),
        bars=palette.color(Role.Window).name().upper(),
        text=palette.color(Role.Text).name().upper(),
        selection=palette.color(Group.Active, Role.Highlight).name().upper(),
        selected_text=palette.color(Group.Active, Role.HighlightedText).name().upper(),
    )
    if platform == own:
        return own
    platform = _mixed(platform)
    accents = {
        name: readable(getattr(platform, name), platform.grounds(), platform.text, TEXT_RATIO)
        for name in ACCENTS
    }
    dim = readable(own.selected_dim, (platform.selection,), platform.selected_text, TEXT_RATIO)
    return platform._replace(selected_dim=dim, **accents)


def _mixed(platform: ColourTokens) -> ColourTokens:
    """Grounds of a foreign palette: its own, with a touch of text or accent in it."""
    touches = {
        "hover": ("text", 0.05),
        "unfocused": ("text", 0.14),
        "line": ("text", 0.16),
        "tint_added": ("added", 0.1),
        "tint_removed": ("removed", 0.1),
        "tint_changed": ("changed", 0.1),
        "tint_span": ("link", 0.12),
        "inline_added": ("added", 0.3),
        "inline_removed": ("removed", 0.3),
        "found": ("changed", 0.3),
    }
    mixes = {
        name: mix(platform.ground, getattr(platform, token), share)
        for name, (token, share) in touches.items()
    }
    return platform._replace(**mixes)


def fill(painter: QPainter, area: QRect, color: QColor) -> None:
    """Fill an area with a colour.

    As ``QPainter.fillRect`` does, for which the bindings first make an enum of all gradients that
    Qt has a name for, while the first rows wait to be painted.
    """
    painter.setBackground(color)
    painter.eraseRect(area)


def palette_of(tokens: ColourTokens) -> QPalette:
    """A complete palette made of tokens, for a session whose platform gives none."""
    color = tokens.color
    palette = QPalette(color("bars"), color("bars"))
    roles = {
        Role.Window: "bars",
        Role.WindowText: "text",
        Role.Base: "ground",
        Role.AlternateBase: "bars",
        Role.Text: "text",
        Role.Button: "bars" if tokens is LIGHT else "menu",
        Role.ButtonText: "text",
        Role.BrightText: "selected_text",
        Role.ToolTipBase: "menu",
        Role.ToolTipText: "text",
        Role.PlaceholderText: "dim",
        Role.Mid: "line",
        Role.Light: "ground" if tokens is LIGHT else "line",
        Role.Midlight: "line",
        Role.Highlight: "selection",
        Role.HighlightedText: "selected_text",
        Role.Accent: "selection",
        Role.Link: "link",
        Role.LinkVisited: "link",
    }
    for role, name in roles.items():
        palette.setColor(role, color(name))
    palette.setColor(Role.Dark, color("bars").darker(160))
    palette.setColor(Role.Shadow, color("bars").darker(220))
    palette.setColor(Group.Inactive, Role.Highlight, color("unfocused"))
    palette.setColor(Group.Inactive, Role.HighlightedText, color("text"))
    faint = QColor("#9A9DA2" if tokens is LIGHT else "#6D7178")
    for role in (Role.Text, Role.WindowText, Role.ButtonText, Role.HighlightedText):
        palette.setColor(Group.Disabled, role, faint)
    palette.setColor(Group.Disabled, Role.Highlight, color("unfocused"))
    return palette


class Theme(QObject):
    """Keeps the application's palette in step with the desktop's light or dark.

    ``changed`` is emitted after the palette was set. ``prefer`` is what the person chose in the
    preferences; ``Unknown`` follows the desktop.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._prefer = Qt.ColorScheme.Unknown
        style = app.style()
        self._ours = style.name() == "fusion" and app.palette() == style.standardPalette()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.apply)
        self.apply()

    def prefer(self, scheme: Qt.ColorScheme) -> None:
        """Choose light or dark for this application, or follow the desktop (``Unknown``)."""
        self._prefer = scheme
        QGuiApplication.styleHints().setColorScheme(scheme)
        self.apply()

    def apply(self) -> None:
        """Set our palette where the platform gives none, and tell everybody."""
        if self._ours:
            tokens = DARK if self._scheme() == Qt.ColorScheme.Dark else LIGHT
            self._app.setPalette(palette_of(tokens))
            for name in ("QLineEdit", "QCheckBox", "QMenu"):
                self._shade(name, tokens.outline)
        self.changed.emit()

    def _scheme(self) -> Qt.ColorScheme:
        if self._prefer != Qt.ColorScheme.Unknown:
            return self._prefer
        return QGuiApplication.styleHints().colorScheme()

    def _shade(self, class_name: str, window: str) -> None:
        """Give a class its own ``Window``, from which Fusion mixes outlines."""
        palette = QPalette(self._app.palette())
        palette.setColor(Role.Window, QColor(window))
        # PySide takes a str here, its stubs say bytes.
        self._app.setPalette(palette, class_name)  # type: ignore[arg-type]
