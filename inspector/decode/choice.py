"""Which generation a blob is read with.

Nothing in a blob says which messages it was written with, and the wrong ones may decode without an
error and show a falsehood. So what is known decides, in this order: the layout of the store (up to
2 only January is possible, from 3 on October comes first), the kind (one that only one generation
knows), the form of sub-agents (01-25 against 01-26), how well the bytes fit. What stays open is
said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from inspector.decode.decoder import decode
from inspector.decode.fit import Misfit, misfit
from inspector.decode.node import Node, NodeKind, Tree, WireType
from inspector.decode.wire import read_field
from inspector.schema.catalog import AUTO, kind_info
from inspector.schema.compare import same_shape
from inspector.schema.types import MessageType

__all__ = ["ASKED_FOR", "AUTO", "NO_SCHEMA", "Reading", "read_blob", "static_choice"]

#: Why a record is read as it is, where the person decided, and where nobody can.
ASKED_FOR: Final = "asked for"
NO_SCHEMA: Final = "no schema knows this kind"
_OLD, _NEW, _OCTOBER = "2026-01-25", "2026-01-26", "2026-10"
_AGENT: Final = "ai.stigmer.agentic.agent.v1.Agent"
_LAST_JANUARY_LAYOUT: Final = 2
_SPEC: Final = 4
_SUB_AGENTS: Final = 6


class Reading(NamedTuple):
    """A blob, decoded, and why with this generation.

    Attributes:
        tree: what it holds.
        generation: None when read without a schema.
        why: one phrase.
        also: other generations that read it the same, or fit as well.
        rival: the tree of another generation that fits as well and shows something else.
    """

    tree: Tree
    generation: str | None
    why: str
    also: tuple[str, ...] = ()
    rival: Tree | None = None


class _Candidate(NamedTuple):
    generation: str
    message: MessageType
    also: tuple[str, ...]


def read_blob(data: bytes, kind: str, layout: int | None, schema: str = AUTO) -> Reading:
    """Decodes a blob with the generation that fits, or with the one asked for.

    Args:
        data: the blob.
        kind: the kind as the store spells it.
        layout: the store's layout version.
        schema: ``auto`` or a generation; one that does not know the kind reads without a schema.
    """
    if schema != AUTO:
        info = kind_info(schema, kind)
        if info is None or info.message is None:
            return Reading(decode(data, None), None, f"{schema} does not know this kind")
        return Reading(decode(data, info.message), schema, ASKED_FOR)
    candidates = _candidates(kind, layout)
    if not candidates:
        return Reading(decode(data, None), None, NO_SCHEMA)
    if len(candidates) == 1:
        only = candidates[0]
        return Reading(decode(data, only.message), only.generation, _only(only), only.also)
    return _best(data, candidates)


def static_choice(
    kind: str, layout: int | None, schema: str = AUTO
) -> tuple[str | None, str] | None:
    """Generation and reason where they are the same for every record of a kind, else None."""
    if schema != AUTO:
        info = kind_info(schema, kind)
        known = info is not None and info.message is not None
        return (schema, ASKED_FOR) if known else (None, f"{schema} does not know this kind")
    candidates = _candidates(kind, layout)
    if not candidates:
        return None, NO_SCHEMA
    return (candidates[0].generation, _only(candidates[0])) if len(candidates) == 1 else None


def _only(candidate: _Candidate) -> str:
    if candidate.also:
        return f"{' and '.join(candidate.also)} would read it the same"
    return "the only schema that can hold this kind"


def _candidates(kind: str, layout: int | None) -> list[_Candidate]:
    """The generations to try, first choice first; one that reads the same joins the one before."""
    january = layout is not None and layout <= _LAST_JANUARY_LAYOUT
    names = (_NEW, _OLD) if january else (_OCTOBER, _NEW, _OLD)
    found: list[_Candidate] = []
    # A kind that January does not know is read as what it is, even where it cannot be expected.
    for name in (*names, _OCTOBER) if january else names:
        info = kind_info(name, kind)
        if info is None or info.message is None or (january and name == _OCTOBER and found):
            continue
        if found and same_shape(found[-1].message, info.message):
            found[-1] = found[-1]._replace(also=(*found[-1].also, name))
        else:
            found.append(_Candidate(name, info.message, ()))
    return found


def _best(data: bytes, candidates: list[_Candidate]) -> Reading:
    first = candidates[0]
    in_january = first.message.full_name == _AGENT and first.generation == _NEW
    if in_january and not _names_sub_agents(data):
        return _without_sub_agents(decode(data, first.message))
    trees = {each.generation: decode(data, each.message) for each in candidates}
    january = _january(trees) if candidates[0].message.full_name == _AGENT else None
    if january is not None and _OCTOBER not in trees:
        return january
    fits = {name: misfit(tree) for name, tree in trees.items()}
    if january is not None:
        # One January reading stands against October's.
        loser = _OLD if january.generation == _NEW else _NEW
        fits.pop(loser, None)
    best = min(fits, key=lambda name: fits[name])
    others = [name for name in fits if name != best]
    rivals = [name for name in others if fits[name] == fits[best]]
    rival = next((trees[name] for name in rivals if _differ(trees[name], trees[best])), None)
    why = _why(fits, best, others, rivals, rival is not None)
    if january is not None and best == january.generation and rival is None:
        return january._replace(why=f"{why}, and {january.why}")
    also = tuple(name for each in candidates if each.generation == best for name in each.also)
    return Reading(trees[best], best, why, (*also, *rivals), rival)


def _why(
    fits: dict[str, Misfit], best: str, others: list[str], rivals: list[str], differ: bool
) -> str:
    if differ:
        return f"{rivals[0]} fits as well and would show something else"
    if rivals:
        return f"{rivals[0]} would read it the same"
    return f"it fits better than {others[0]}, where {fits[others[0]].words}" if others else ""


def _differ(one: Tree, other: Tree) -> bool:
    from inspector.decode.json_writer import write  # noqa: PLC0415 - hardly ever asked

    return write(one.root, indent=None) != write(other.root, indent=None)


def _january(trees: dict[str, Tree]) -> Reading | None:
    """01-25 or 01-26 for an agent, by the form of its sub-agents."""
    old, new = trees.get(_OLD), trees.get(_NEW)
    if old is None or new is None:
        return None
    sub_agents = _sub_agents(old)
    if not sub_agents:
        return _without_sub_agents(new)
    if not all(map(_one_whole_message, sub_agents)):
        return Reading(new, _NEW, f"its sub-agents have the form of {_NEW}")
    why = f"its sub-agents have the form of {_OLD}"
    if not any(misfit(new)[:2]) and all(map(_plausible_name, _sub_agents(new))):
        return Reading(old, _OLD, f"{why}, but {_NEW} is possible too", (_NEW,), new)
    return Reading(old, _OLD, why)


def _without_sub_agents(new: Tree) -> Reading:
    return Reading(new, _NEW, f"without sub-agents {_OLD} reads it the same", (_OLD,))


def _names_sub_agents(data: bytes) -> bool:
    """Whether a field ``spec.sub_agents`` stands anywhere; True where the bytes break off."""
    specs = list(_payloads(data, _SPEC, 0, len(data)))
    return any(list(_payloads(data, _SUB_AGENTS, start, end)) for start, end in specs)


def _payloads(data: bytes, number: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the fields with a number stand; where the bytes break off, all that is left."""
    while start < end:
        found = read_field(data, start, end)
        if found is None or found[3] & 7 in (WireType.SGROUP, WireType.EGROUP):
            yield start, end
            return
        _, body, start, tag = found
        if tag >> 3 == number:
            yield body, start


def _sub_agents(tree: Tree) -> list[Node]:
    spec = next((n for n in tree.root.children if n.field and n.field.name == "spec"), None)
    listed = spec.children if spec is not None else ()
    found = next((n for n in listed if n.field and n.field.name == "sub_agents"), None)
    return list(found.children) if found is not None else []


def _one_whole_message(sub_agent: Node) -> bool:
    """Whether it is one member of the oneof of 01-25 and nothing in it is out of place."""
    if len(sub_agent.children) != 1 or sub_agent.children[0].kind != NodeKind.MESSAGE:
        return False
    stack = list(sub_agent.children)
    while stack:
        node = stack.pop()
        if node.kind in (NodeKind.UNKNOWN, NodeKind.MALFORMED) or node.problem is not None:
            return False
        stack.extend(node.children)
    return True


def _plausible_name(sub_agent: Node) -> bool:
    """Whether the one text of a sub-agent of 01-26 could be one that a person wrote."""
    return all(
        isinstance(node.value, str) and node.value.isprintable() for node in sub_agent.children
    )
