"""Completions and manual pages say what the parser says, and shells and man take them."""

from __future__ import annotations

import gzip
import shutil
import subprocess
from pathlib import Path

import pytest

from inspector.cli.names import COMMANDS
from inspector.cli.parser import PROGRAM, commands_of, program
from inspector.exit_codes import Exit
from shell_files import (
    EXITS,
    MANUAL,
    SECTION,
    SYSTEM,
    completion,
    shell_files,
    write_shell_files,
)
from tests.packaging.desktop import tool


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The files as a system has them."""
    return dict(shell_files(SYSTEM))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file to complete, to be in."""
    made = tmp_path / "folder"
    made.mkdir()
    (made / "a.db").touch()
    return made


def offered_by_bash(folder: Path, script: str, *words: str) -> list[str]:
    """What bash offers for the last word."""
    if not shutil.which("bash"):
        pytest.skip("bash is not installed here")
    ask = 'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _shtab_stigmer_inspector; '
    run = subprocess.run(
        ["bash", "-c", f'{script}\n{ask}printf "%s\\n" "${{COMPREPLY[@]}}"', "bash", *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout.split()


def test_bash_offers_commands_files_and_options(texts: dict[str, str], folder: Path) -> None:
    script = texts[SYSTEM["bash"]]
    assert offered_by_bash(folder, script, PROGRAM, "") == [*COMMANDS, "a.db"]
    assert offered_by_bash(folder, script, PROGRAM, "li") == ["list"]
    assert offered_by_bash(folder, script, PROGRAM, "a.db", "") == ["a.db"]
    assert "--limit" in offered_by_bash(folder, script, PROGRAM, "list", "--")
    assert "--limit" not in offered_by_bash(folder, script, PROGRAM, "kinds", "--")
    assert offered_by_bash(folder, script, PROGRAM, "kinds", "--db", "") == ["a.db"]
    schemas = offered_by_bash(folder, script, PROGRAM, "kinds", "--schema", "")
    assert {"auto", "2026-01-25"} < set(schemas)


def offered_by_fish(folder: Path, line: str) -> list[str]:
    """What fish offers at the end of a line, without what it says of it."""
    script = folder.parent / "completion.fish"
    script.write_text(completion("fish"), encoding="utf-8")
    home = {"HOME": str(folder.parent), "XDG_CONFIG_HOME": str(folder.parent / "config")}
    asked = f"cd {folder}; source {script}; complete -C '{line}'"
    return [said.partition("\t")[0] for said in tool("fish", "-c", asked, **home).splitlines()]


def test_fish_offers_commands_files_and_options(folder: Path) -> None:
    assert set(offered_by_fish(folder, f"{PROGRAM} ")) == {*COMMANDS, "a.db"}
    assert "--limit" in offered_by_fish(folder, f"{PROGRAM} list --")
    assert "--limit" not in offered_by_fish(folder, f"{PROGRAM} kinds --")
    assert offered_by_fish(folder, f"{PROGRAM} kinds --db ") == ["a.db"]


# What zsh's own functions are called with, in place of a line editor.
ZSH = """
_arguments() { print -rl -- options $argv }
_describe() { local list=$argv[-1]; print -rl -- commands ${(P)list} }
_files() { print files }
compdef() { }
eval "$(<$1)"
_shtab_stigmer_inspector_commands
"""


def test_zsh_offers_commands_files_and_options(tmp_path: Path) -> None:
    script = tmp_path / "completion.zsh"
    script.write_text(completion("zsh"), encoding="utf-8")
    assert tool("zsh", "-n", script) == ""
    first = tool("zsh", "-f", "-c", ZSH, "zsh", script).splitlines()
    assert sorted(line.partition(":")[0] for line in first) == sorted(
        ["commands", "files", *COMMANDS]
    )
    assert first[-1] == "files"
    assert "*) _files" in completion("zsh")


def test_zsh_loads_it_by_its_first_line() -> None:
    assert completion("zsh").startswith(f"#compdef {PROGRAM}\n")


def test_there_is_a_page_for_the_program_and_for_each_command(texts: dict[str, str]) -> None:
    pages = {name for name in texts if name.startswith(MANUAL)}
    names = [PROGRAM, *(f"{PROGRAM}-{command}" for command in COMMANDS)]
    assert pages == {f"{MANUAL}/{name}.{SECTION}" for name in names}
    assert set(EXITS) == set(Exit)


def test_a_page_names_every_option_and_line(texts: dict[str, str]) -> None:
    parsers = commands_of(program(COMMANDS))
    for command, parser in parsers.items():
        page = texts[f"{MANUAL}/{PROGRAM}-{command}.{SECTION}"].replace("\\-", "-")
        for action in parser._actions:
            assert all(option in page for option in action.option_strings), (command, action)
    front = texts[f"{MANUAL}/{PROGRAM}.{SECTION}"].replace("\\-", "-")
    assert all(f".B {name}\n{line}.\n" in front for name, line in COMMANDS.items())
    assert "--smoke" not in front


def test_man_shows_them_without_a_warning(texts: dict[str, str], tmp_path: Path) -> None:
    for name, text in texts.items():
        if name.startswith(MANUAL):
            page = tmp_path / Path(name).name
            page.write_text(text, encoding="utf-8")
            shown = tool("man", "--warnings=w", "-l", page, MANPAGER="cat", MANWIDTH="100")
            assert "EXIT STATUS" in shown
            assert "warning" not in shown


def test_a_systems_pages_are_compressed_and_always_the_same(
    texts: dict[str, str], tmp_path: Path
) -> None:
    write_shell_files(tmp_path / "a")
    write_shell_files(tmp_path / "b")
    for name, text in texts.items():
        packed = f"{name}.gz" if name.startswith(MANUAL) else name
        data = (tmp_path / "a" / packed).read_bytes()
        assert data == (tmp_path / "b" / packed).read_bytes()
        assert (gzip.decompress(data) if packed.endswith(".gz") else data) == text.encode()
