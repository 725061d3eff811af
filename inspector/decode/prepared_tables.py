"""Works out, when the program is built, what it would else work out whenever it starts."""

from __future__ import annotations

from inspector.decode.evidence import known_to, place_of
from inspector.decode.node import Seen
from inspector.decode.prepared import PreparedKind, PreparedMessage, content, packed
from inspector.decode.transcoding import compiled_plan
from inspector.schema.catalog import merged_schema
from inspector.schema.dating import ENUMS_PUT
from inspector.schema.kind_names import RENAMED, normal_kind
from inspector.schema.merged import MergedSchema
from inspector.schema.releases import Mask, newest


def prepared_tables() -> bytes:
    """What ``inspector/decode/_prepared.bin`` holds."""
    merged = merged_schema()
    values = {enum: merged.values(enum) for enum in sorted(ENUMS_PUT)}
    kinds = {normal_kind(row.kind) for row in merged.kinds}
    kinds.update(normal_kind(name) for names in RENAMED for name in names)
    made = {kind: _kind(merged, kind) for kind in sorted(kinds)}
    found = {kind: one for kind, one in made.items() if one is not None}
    return content((merged.names, merged.published, values), found)


def _kind(merged: MergedSchema, kind: str) -> PreparedKind | None:
    """None of a kind that has no message, or of which the compiled part reads none."""
    key = merged.root(kind)
    if key is None:
        return None
    alike: dict[int, Mask] = {}
    for number in range(len(merged.names)):
        first = merged.first_alike(key, number)
        alike[first] = alike.get(first, 0) | 1 << number
    messages = [_message(merged, kind, key, mask) for mask in alike.values()]
    whole = [one for one in messages if one is not None]
    clues = () if merged.was_renamed(kind) else merged.clue(kind)
    own = clues[0].releases if clues else None
    return PreparedKind(own, whole) if len(whole) == len(messages) else None


def _message(merged: MergedSchema, kind: str, key: str, releases: Mask) -> PreparedMessage | None:
    number, rewriter = newest(releases), merged.rewriter(kind)
    plan = compiled_plan(merged.view(number, rewriter).message(key), merged)
    if plan is None:
        return None

    def alike(one: Seen) -> Mask:
        place = place_of(one)
        if place is None or (rewriter is not None and merged.known_at(place) >> rewriter & 1):
            return merged.full
        return merged.alike(frozenset((place,)), number)

    items = [(known_to(one), alike(one)) for one in plan.items]
    return PreparedMessage(releases, items, packed(plan.tables))
