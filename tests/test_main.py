"""Which program the first argument asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector import __version__
from inspector.cli import parser
from inspector.cli.names import COMMANDS
from inspector.compiled_part import VARIABLE
from inspector.decode.transcoding import is_compiled
from tests.cli.calls import call, failed

Opened = tuple[list[str], bool, str | None]


def test_version_alone_is_name_and_version() -> None:
    answer = call("--version")
    assert answer.code == 0
    assert answer.out.decode() == f"stigmer-inspector {__version__}\n"
    assert bool(answer.err) is not is_compiled()


def test_without_the_compiled_part_that_is_said_beside_the_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, "python")
    answer = call("--version")
    assert answer.out.decode() == f"stigmer-inspector {__version__}\n"
    assert answer.err.startswith("Without its compiled part")


def test_version_is_an_option_of_show() -> None:
    assert call("show", "skill", "reconcile-invoices", "--version", "stable", "--demo").code == 0
    failed(call("--version", "--demo"), 2)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_how_it_is_called(command: str) -> None:
    answer = call(command, "--help")
    assert (answer.code, answer.err) == (0, "")
    text = answer.out.decode()
    assert text.startswith(f"usage: stigmer-inspector {command} ")
    for option in ("--db FILE", "--demo", "--json", "--reveal-secrets", "--schema"):
        assert option in text


def test_help_names_the_commands() -> None:
    text = call("--help").out.decode()
    assert all(command in text for command in COMMANDS)


def test_help_has_a_line_for_each_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = call("--help").out.decode().partition("\ncommands:\n")[2].splitlines()
    listed = dict(line.split(maxsplit=1) for line in lines if line.startswith("    "))
    assert list(listed.items()) == list(COMMANDS.items())
    assert not any(line.endswith(".") for line in COMMANDS.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_a_module_of_its_name(command: str) -> None:
    made = parser.commands_of(parser.program([command], listed=[command]))[command]
    assert callable(parser.load(command).run)
    assert made.description == f"{COMMANDS[command]}."
    for action in made._actions:
        assert action.help, action


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        (("shwo", "agent", "x"), "show"),
        (("lsit", "--json"), "list"),
        (("hsitory", "x", "--db", "some.db"), "history"),
        (("KINDS",), "kinds"),
        (("exprot", "--no-such-option"), "export"),
        (("--demo", "chekc"), "check"),
        (("./a.db", "dunp"), "dump"),
    ],
    ids=" ".join,
)
def test_a_mistyped_command_names_the_nearest(
    opened: list[Opened], typed: tuple[str, ...], nearest: str
) -> None:
    word = next(one for one in typed if one.isalpha())
    said = failed(call(*typed), 2)
    assert f"no command or file named '{word}'; did you mean {nearest}?" in said
    assert opened == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("list", "agent", "--jsn"), "There is no option '--jsn'; did you mean --json?"),
        (("list", "agent", "--ORG=mine"), "There is no option '--ORG'; did you mean --org?"),
        (("export", "agent", "--wher", "x"), "There is no option '--wher'; did you mean --where?"),
        (("export", "--out", "x"), "There is no option '--out'; did you mean --output?"),
        (("--dmo",), "There is no option '--dmo'; did you mean --demo?"),
        (("list", "agent", "--zzzz"), "There is no option '--zzzz'. "),
        (("list", "agent", "more", "-q"), "Unrecognized arguments: more -q. "),
        (("--db", "some.db"), "--db is an option of commands. stigmer-inspector FILE opens"),
    ],
    ids=lambda one: one if isinstance(one, str) else " ".join(one),
)
def test_a_mistyped_option_names_the_nearest(
    opened: list[Opened], typed: tuple[str, ...], said: str
) -> None:
    assert said in failed(call(*typed), 2)
    assert len(failed(call("list", "agent", f"--{'a' * 5000}"), 2)) < 200
    assert opened == []


def test_a_bare_word_that_is_no_file_opens_no_window(
    opened: list[Opened], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    said = failed(call("zzzz", "foo"), 2)
    assert "no command or file named 'zzzz'." in said
    assert "did you mean" not in said
    assert "first" in failed(call("--demo", "kinds"), 2)
    assert "\\x1b" in failed(call("a\x1b[2J"), 2)
    assert len(failed(call("a" * 5000), 2)) < 200
    failed(call(""), 2)
    assert opened == []
    (tmp_path / "zzzz").symlink_to("nowhere")
    assert call("zzzz").code == 0
    assert call("missing.db").code == 0
    assert call("--", "mine").code == 0
    assert [paths for paths, *_ in opened] == [["zzzz"], ["missing.db"], ["mine"]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Opened]:
    """What the window was asked to open."""
    calls: list[Opened] = []

    def run(paths: list[str], *, demo: bool, select: str | None) -> int:
        calls.append((paths, demo, select))
        return 0

    app = pytest.importorskip("inspector.gui.app.application")
    monkeypatch.setattr(app, "run", run)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return calls


def test_anything_else_opens_windows(
    opened: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kinds").touch()
    assert call().code == 0
    assert call("./info", "b.db").code == 0
    assert call("--demo", "--select", "agent/a@live").code == 0
    assert call("a.db", "kinds").code == 0
    assert call("--", "--odd").code == 0
    assert opened == [
        ([], False, None),
        (["./info", "b.db"], False, None),
        ([], True, "agent/a@live"),
        (["a.db", "kinds"], False, None),
        (["--odd"], False, None),
    ]


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("inspector.launch.sys.platform", "linux")
    assert "no display" in failed(call(str(tmp_path)), 3)
