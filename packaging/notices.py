"""What the frozen program is made of and under which licenses, for the .spec file.

From ``components.toml`` and from what is packed come the folder ``licenses`` with a notice, a bill
of materials (CycloneDX) and the texts, which are taken from where they are installed.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import sysconfig
import textwrap
import tomllib
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from importlib.metadata import PackageNotFoundError, files
from importlib.metadata import version as distribution_version
from pathlib import Path, PurePosixPath
from typing import Any, Final

from cyclonedx.model import ExternalReference, ExternalReferenceType, XsUri
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as BomComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from bootstrap import ROOT, SetupError
from changelog import releases
from inspector import __version__
from trim import Entry

COMPONENTS: Final = ROOT / "packaging" / "components.toml"
FOLDER: Final = "licenses"  #: within the frozen program
NOTICE: Final = "NOTICE.txt"
BILL: Final = "sbom.cdx.json"
OWN: Final = "Stigmer Inspector"
#: What a component's text is where its Debian package has it, and modules of Python itself.
FROM_PACKAGE: Final = "<package>"
STANDARD_LIBRARY: Final = "<standard library>"
#: What its version is where the end of its files' names is it, as in libicuuc.so.73.
FROM_NAME: Final = "<name>"
PUBLIC_DOMAIN: Final = "public domain"
_WIDTH: Final = 96
_HEAD: Final = """\
{own} {version}

This is a list of the software that is packed here, by whom it is and under which license. The texts
of the licenses lie beside this file, and {bill} is the same list for programs. Where a text leaves
room for the name of who holds the copyright, it is the one that this list gives.

Qt, Qt for Python and Shiboken are used under the GNU Lesser General Public License, version 3. They
are packed as they were published, but for debugging symbols, as files of their own to which the
program is linked when it starts. Each of them can be replaced by another version of it that fits:
put its files in place of those in the folders PySide6 and shiboken6 beside this one. Their source
is where it says below.

There are no fonts in it: text is drawn with those of the system.
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """What is compiled into a component.

    Attributes:
        name: what it is called.
        license: as SPDX writes it, or in words.
        copyright: who holds it.
        on: the systems, as ``sys.platform`` has them.
    """

    name: str
    license: str
    copyright: str
    on: tuple[str, ...] = ("linux", "darwin", "win32")

    @property
    def text(self) -> str:
        """The file with the text of its license, of several the first; empty where none is due."""
        return "" if self.license == PUBLIC_DOMAIN else f"{self.license.partition(' OR ')[0]}.txt"


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the frozen program, see components.toml.

    Attributes:
        name: what it is called.
        license: as SPDX writes it.
        copyright: who holds it.
        version: of the part, or an empty string.
        source: where its source is, or an empty string.
        purl: the distribution it is installed from, or an empty string.
        files: patterns of its names in the program.
        within: the component it is compiled into, or an empty string.
        texts: names of its licenses' texts.
        brings: what is compiled into it.
    """

    name: str
    license: str
    copyright: str
    version: str = ""
    source: str = ""
    purl: str = ""
    files: tuple[str, ...] = ()
    within: str = ""
    texts: tuple[str, ...] = ()
    brings: tuple[Brought, ...] = ()

    def brought(self) -> list[Brought]:
        """What is compiled into it on this system."""
        return [one for one in self.brings if sys.platform in one.on]

    def holds(self, name: str) -> bool:
        """Whether a file, or a module behind ``module:``, is of it."""
        return any(fnmatchcase(name, pattern) for pattern in self.files)


@dataclass(slots=True)
class Packed:
    """A component that is packed, with the files that are of it: name in the program, source."""

    component: Component
    files: list[tuple[str, str]] = field(default_factory=list)


def license_entries(
    contents: Iterable[Entry], modules: Iterable[tuple[str, str]], folder: Path
) -> list[Entry]:
    """Writes the folder ``licenses`` and returns its entries in the program.

    Args:
        contents: what is packed, as PyInstaller has it.
        modules: name and source of each Python module that is packed.
        folder: where the files are written.

    Raises:
        SetupError: a file belongs to no component, or a text is nowhere.
    """
    declared = tomllib.loads(COMPONENTS.read_text(encoding="utf-8"))
    names = [(_posix(name), source) for name, source, _ in contents]
    found = packed(components(declared), names, modules)
    folder.mkdir(parents=True, exist_ok=True)
    for earlier in folder.iterdir():
        earlier.unlink()
    named = {one.component.name: list(write_texts(one, declared["text"], folder)) for one in found}
    (folder / NOTICE).write_text(notice([one.component for one in found], named), encoding="utf-8")
    (folder / BILL).write_text(bill([one.component for one in found]), encoding="utf-8")
    return [(f"{FOLDER}/{file.name}", str(file), "DATA") for file in sorted(folder.iterdir())]


def components(declared: Mapping[str, Any]) -> list[Component]:
    """The components that components.toml declares, with their versions, where installed."""
    made = []
    for entry in declared["component"]:
        version_ = installed_version(entry.get("version", ""))
        if version_ is None:
            continue
        known = {**entry, "version": version_}
        known["brings"] = tuple(
            Brought(**{**one, "on": tuple(one["on"])} if "on" in one else one)
            for one in entry.get("brings", ())
        )
        for name in ("files", "texts"):
            known[name] = tuple(entry.get(name, ()))
        made.append(Component(**known))
    return made


def installed_version(of: str) -> str | None:
    """The version that components.toml means by a word; None where it is not installed."""
    if of == "stigmer-inspector":
        return __version__
    if of == "python":
        return platform.python_version()
    if of == "sqlite":
        import apsw  # noqa: PLC0415 - where the program is frozen

        return str(apsw.sqlite_lib_version())
    if of in ("", FROM_NAME):
        return of
    try:
        return distribution_version(of)
    except PackageNotFoundError:
        return None


def packed(
    known: Sequence[Component],
    contents: Iterable[tuple[str, str]],
    modules: Iterable[tuple[str, str]],
) -> list[Packed]:
    """The components of which something is packed, in the order they are declared in.

    Raises:
        SetupError: something belongs to none.
    """
    found = {one.name: Packed(one) for one in known}
    library = Path(sysconfig.get_path("stdlib")).resolve()
    names = [*contents, *((_module(*module, library), module[1]) for module in modules)]
    homeless = []
    for name, source in names:
        one = next((each for each in known if each.holds(name)), None)
        if one is None:
            homeless.append(name)
        else:
            found[one.name].files.append((name, source))
    if homeless:
        raise SetupError(
            f"packaging/components.toml has no component for {', '.join(sorted(set(homeless)))}."
        )
    kept = [
        one
        for one in found.values()
        if one.files or (one.component.within and found[one.component.within].files)
    ]
    for each in kept:
        if each.component.version == FROM_NAME:
            end = each.files[0][0].rpartition(".")[2]
            each.component = replace(each.component, version=end)
    return kept


def _module(name: str, source: str, library: Path) -> str:
    """``module:`` and the package of a module, or what stands for those of Python."""
    path = Path(source).resolve()
    if path.is_relative_to(library) and "site-packages" not in path.parts:
        return f"module:{STANDARD_LIBRARY}"
    return f"module:{name.partition('.')[0]}"


def write_texts(one: Packed, known: Sequence[Mapping[str, Any]], folder: Path) -> Iterator[str]:
    """Write the texts of a component's licenses into a folder, and give their names.

    Raises:
        SetupError: one is nowhere.
    """
    declared = {text["name"]: text for text in known}
    for name in one.component.texts:
        if name == FROM_PACKAGE:
            for _, source in one.files:
                package, said = package_text(Path(source))
                (folder / f"{package}.txt").write_bytes(said)
                yield f"{package}.txt"
            continue
        _write_text(name, declared[name], one.component.name, folder)
        yield name
    for each in one.component.brought():
        if each.text and not (folder / each.text).exists():
            known_by_id = {"from": [f"spdx:{each.text}"], "says": ""}
            _write_text(each.text, declared.get(each.text, known_by_id), each.name, folder)


def _write_text(name: str, text: Mapping[str, Any], whose: str, folder: Path) -> None:
    found = find_text(text["from"], text["says"])
    if found is None:
        places = " or ".join(text["from"])
        raise SetupError(f"The license of {whose} cannot be packed: its text is not in {places}.")
    (folder / name).write_bytes(found)


def find_text(places: Iterable[str], says: str) -> bytes | None:
    """The first text that is there and says what it should; None where there is none."""
    for place in places:
        for path in _paths(place):
            try:
                text = path.read_bytes()
            except OSError:
                continue
            if says.encode() in text:
                return text
    return None


def _paths(place: str) -> Iterator[Path]:
    distribution, colon, name = place.partition(":")
    if colon and not Path(place).is_absolute():
        try:
            found = files(distribution) or []
        except PackageNotFoundError:
            return
        yield from (Path(str(file.locate())) for file in found if file.name == name)
        return
    path = ROOT / place.format(
        stdlib=sysconfig.get_path("stdlib"),
        prefix=sys.base_prefix,
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
    )
    yield from sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))


def package_text(library: Path) -> tuple[str, bytes]:
    """The Debian package that a library of the system is of, and what it says of its license.

    Raises:
        SetupError: there is none, or it says nothing.
    """
    # Packages name the folders as they were before /lib became a link to /usr/lib, or after.
    named = [str(library).removeprefix("/usr"), str(library.resolve()).removeprefix("/usr")]
    for path in (f"{usr}{name}" for name in named for usr in ("/usr", "")):
        try:
            run = subprocess.run(
                ["dpkg-query", "--search", path],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                check=False,
            )
        except OSError:
            break
        package = run.stdout.partition(":")[0]
        text = Path("/usr/share/doc", package, "copyright")
        if package and text.is_file():
            return package, text.read_bytes()
    raise SetupError(
        f"The license of {library} cannot be packed: no Debian package says it is its own."
    )


def notice(found: Sequence[Component], texts: Mapping[str, Sequence[str]]) -> str:
    """The notice for people."""
    made = [_HEAD.format(own=OWN, version=__version__, bill=BILL)]
    for one in found:
        lines = [f"{one.name} {one.version}".rstrip(), f"  License: {one.license}"]
        lines.append(f"  Copyright: {one.copyright}")
        names = sorted(set(texts[one.name]))
        if names:
            lines.append(_wrapped(f"Text: {', '.join(names)}", "  ", "    "))
        if one.source:
            lines.append(f"  Source: {one.source}")
        if one.within:
            lines.append(f"  Is compiled into {one.within}.")
        brought = one.brought()
        if brought:
            lines.append("  Holds:")
            for each in brought:
                text = f"{each.name} ({each.license}, {each.copyright})"
                text += f": {each.text}" if each.text else ""
                lines.append(_wrapped(text, "    - ", "      "))
        made.append("\n".join(lines) + "\n")
    return "\n".join(made)


def _wrapped(text: str, first: str, others: str) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )


def bill(found: Sequence[Component]) -> str:
    """The bill of materials; of the same components it is always the same."""
    own, *others = found
    whole = Bom(
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{own.name}/{own.version}/{sys.platform}")
    )
    released = datetime.fromisoformat(releases()[0].date).replace(tzinfo=UTC)
    whole.metadata.timestamp = released
    whole.metadata.component = _in_bill(own, ComponentType.APPLICATION)
    made = {one.name: _in_bill(one) for one in others}
    for one in others:
        whole.components.add(made[one.name])
        if one.within:
            whole.register_dependency(made[one.within], [made[one.name]])
    outer = [made[one.name] for one in others if not one.within]
    whole.register_dependency(whole.metadata.component, outer)
    return JsonV1Dot6(whole).output_as_string(indent=2) + "\n"


def _in_bill(one: Component, kind: ComponentType = ComponentType.LIBRARY) -> BomComponent:
    parts = [
        BomComponent(
            name=each.name,
            bom_ref=_reference(one.name, each.name),
            licenses=[_license(each.license)],
            copyright=each.copyright,
        )
        for each in one.brought()
    ]
    references = (
        [ExternalReference(type=ExternalReferenceType.DISTRIBUTION, url=XsUri(one.source))]
        if one.source
        else []
    )
    return BomComponent(
        type=kind,
        name=one.name,
        bom_ref=_reference(one.name),
        version=one.version or None,
        licenses=[_license(one.license)],
        copyright=one.copyright,
        purl=PackageURL("pypi", None, one.purl.lower(), one.version) if one.purl else None,
        external_references=references,
        components=parts,
    )


def _license(text: str) -> LicenseExpression | DisjunctiveLicense:
    return DisjunctiveLicense(name=text) if text == PUBLIC_DOMAIN else LicenseExpression(text)


def _reference(*names: str) -> str:
    return "/".join(re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-") for name in names)


def _posix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).as_posix()
