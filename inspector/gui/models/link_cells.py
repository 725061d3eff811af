"""The value of a field that names another record: where it leads, or that it leads nowhere."""

from __future__ import annotations

from inspector.gui.runs import DIM, FIXED_DIM, LINK, Elide, Run
from inspector.gui.words import visible
from inspector.session.targets import Link


def link_runs(link: Link) -> tuple[Run, ...]:
    """The runs of a link: the target's name as a link, or what is named and that it is not here."""
    reference, target = link.reference, link.target
    named = visible(reference.id or reference.slug or "")
    if target is None:
        return (
            Run(named, FIXED_DIM, Elide.ElideMiddle),
            Run("not in this store", DIM),
        )
    runs = [Run(visible(target.name or target.id), LINK, Elide.ElideMiddle)]
    if not target.live:
        runs.append(Run("deleted", DIM))
    return tuple(runs)


def link_tip(link: Link) -> str:
    """What a link leads to, in full."""
    target = link.target
    if target is None:
        return "No such record in this store."
    name = f"{visible(target.name)}, " if target.name else ""
    return f"{name}{target.kind}/{visible(target.id)}"
