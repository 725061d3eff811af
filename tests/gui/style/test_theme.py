"""Every colour can be read on every ground it stands on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from inspector.gui.style.theme import (
    ACCENTS,
    DARK,
    LIGHT,
    OUTLINE_RATIO,
    TEXT_RATIO,
    ColourTokens,
    Theme,
    lowest,
    palette_of,
    ratio,
    tokens_of,
)

FOREIGN = {
    "warm": ("#FDF6E3", "#EEE8D5", "#073642", "#1A5F94", "#FDF6E3"),
    "grey": ("#808080", "#707070", "#FFFFFF", "#303030", "#FFFFFF"),
    "black": ("#000000", "#101010", "#FFFFFF", "#00FFFF", "#000000"),
}


def platform(name: str) -> QPalette:
    base, window, text, highlight, lit = map(QColor, FOREIGN[name])
    palette = QPalette(window)
    role = QPalette.ColorRole
    for key, color in {
        role.Base: base,
        role.Window: window,
        role.Text: text,
        role.Highlight: highlight,
        role.HighlightedText: lit,
    }.items():
        palette.setColor(key, color)
    return palette


def check(tokens: ColourTokens) -> None:
    for name in ("text", *ACCENTS):
        assert lowest(getattr(tokens, name), tokens.grounds()) >= TEXT_RATIO, name
    for name in ("selected_text", "selected_dim"):
        assert ratio(getattr(tokens, name), tokens.selection) >= TEXT_RATIO, name
    for name in ("inline_added", "inline_removed", "found"):
        assert ratio(tokens.text, getattr(tokens, name)) >= TEXT_RATIO, name


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_our_colours_can_be_read(qapp: QApplication, tokens: ColourTokens) -> None:
    check(tokens)
    assert tokens_of(palette_of(tokens)) is tokens


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_outlines_of_inputs_can_be_seen(tokens: ColourTokens) -> None:
    drawn = QColor(tokens.outline).darker(140).name()
    assert lowest(drawn, (tokens.bars, tokens.ground)) >= OUTLINE_RATIO


@pytest.mark.parametrize("name", ["warm", "black"])
def test_accents_move_until_they_can_be_read_on_a_platforms_palette(
    qapp: QApplication, name: str
) -> None:
    tokens = tokens_of(platform(name))
    check(tokens)
    assert tokens.ground == FOREIGN[name][0]


def test_where_the_text_itself_is_too_faint_accents_become_as_clear_as_it(
    qapp: QApplication,
) -> None:
    tokens = tokens_of(platform("grey"))
    assert lowest(tokens.text, tokens.grounds()) < TEXT_RATIO
    assert {getattr(tokens, name) for name in ACCENTS} == {tokens.text}


def test_the_desktops_choice_is_followed_and_can_be_overruled(
    theme: Theme, qapp: QApplication
) -> None:
    heard: list[str] = []
    theme.changed.connect(lambda: heard.append(tokens_of(qapp.palette()).ground))
    theme.prefer(Qt.ColorScheme.Dark)
    assert heard[-1] == DARK.ground
    theme.prefer(Qt.ColorScheme.Light)
    assert heard[-1] == LIGHT.ground


def test_inputs_and_menus_get_the_colours_fusion_draws_them_with(theme: Theme) -> None:
    theme.prefer(Qt.ColorScheme.Dark)
    window = QPalette.ColorRole.Window
    for widget in (QLineEdit(), QMenu()):
        widget.ensurePolished()
        assert widget.palette().color(window) == QColor(DARK.outline)
    assert QApplication.palette().color(window) == QColor(DARK.bars)


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Dark, Qt.ColorScheme.Light])
def test_the_empty_box_of_an_entry_and_the_edge_of_a_menu_are_seen(
    theme: Theme, scheme: Qt.ColorScheme
) -> None:
    theme.prefer(scheme)
    menu = QMenu()
    menu.addAction("").setCheckable(True)
    seen = menu.grab().toImage()
    ground = seen.pixelColor(seen.width() // 2, seen.height() // 2).lightness()
    middle = [seen.pixelColor(x, seen.height() // 2) for x in range(seen.width() // 2)]
    apart = [abs(color.lightness() - ground) for color in middle]
    assert apart[0] > 60
    assert max(apart[3:]) > 60


def test_a_palette_the_platform_gave_is_left_alone(qapp: QApplication) -> None:
    before = qapp.palette()
    qapp.setPalette(platform("warm"))
    foreign = Theme(qapp)
    try:
        foreign.prefer(Qt.ColorScheme.Dark)
        assert qapp.palette().color(QPalette.ColorRole.Base) == QColor("#FDF6E3")
    finally:
        foreign.deleteLater()
        qapp.setPalette(before)


def test_tokens_follow_a_palette_that_is_changed_after_it_was_asked_for(qapp: QApplication) -> None:
    palette = QPalette(palette_of(LIGHT))
    assert tokens_of(palette).ground == LIGHT.ground
    copy = QPalette(palette)
    copy.setColor(QPalette.ColorRole.Base, QColor(DARK.ground))
    assert tokens_of(copy) != tokens_of(palette)
    assert tokens_of(palette).ground == LIGHT.ground
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Base, QColor(DARK.ground))
    assert tokens_of(palette).ground == LIGHT.ground
    palette.setCurrentColorGroup(QPalette.ColorGroup.Disabled)
    assert tokens_of(palette).ground == DARK.ground


def test_the_tokens_of_all_palettes_of_a_window_are_remembered(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each part of a window that is dressed by itself has a palette of its own.
    palettes = [palette_of(LIGHT) for _ in range(200)]
    for palette in palettes:
        tokens_of(palette)

    def worked_out(_palette: QPalette) -> ColourTokens:
        raise AssertionError("worked out again")

    monkeypatch.setattr("inspector.gui.style.theme._by_colors", worked_out)
    assert {tokens_of(palette) for palette in palettes} == {LIGHT}
