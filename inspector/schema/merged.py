"""All releases as one schema in which each field and enum value knows the releases that have it.

Of some two thousand field numbers only a few ever meant two things; everything else appears and
disappears. So a blob is read with all of them at once, and a choice is made only at those few:
a :class:`SchemaView` has at each of them the meaning it had in one release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, Final

from inspector.named_tuple import NamedTuple
from inspector.schema.clues import Clue
from inspector.schema.kind_names import KindRow, family, normal_kind
from inspector.schema.releases import Mask, mask_of_runs, newest, numbers, oldest, union
from inspector.schema.secrets_table import json_name, secret_table
from inspector.schema.types import (
    ANY,
    EnumType,
    Field,
    KindInfo,
    MessageType,
    Place,
    Release,
    ScalarType,
    SecretRule,
)

#: Labels in the file; one of :data:`MAP_LABEL` or more is a map, and how much more its key's type.
REPEATED: Final = 1
OPTIONAL: Final = 2
MAP_LABEL: Final = 10

_SCALARS: Final = {int(scalar): scalar for scalar in ScalarType}

#: Messages of Google's own that a field can hold: number, name, type, repeated, oneof.
_WELL_KNOWN: Final[dict[str, tuple[tuple[int, str, int | str, int, str], ...]]] = {
    "google.protobuf.Struct": ((1, "fields", "google.protobuf.Value", MAP_LABEL + 9, ""),),
    "google.protobuf.ListValue": ((1, "values", "google.protobuf.Value", REPEATED, ""),),
    "google.protobuf.Value": (
        (1, "null_value", "google.protobuf.NullValue", 0, "kind"),
        (2, "number_value", 1, 0, "kind"),
        (3, "string_value", 9, 0, "kind"),
        (4, "bool_value", 8, 0, "kind"),
        (5, "struct_value", "google.protobuf.Struct", 0, "kind"),
        (6, "list_value", "google.protobuf.ListValue", 0, "kind"),
    ),
    "google.protobuf.Timestamp": ((1, "seconds", 3, 0, ""), (2, "nanos", 5, 0, "")),
    "google.protobuf.Duration": ((1, "seconds", 3, 0, ""), (2, "nanos", 5, 0, "")),
    "google.protobuf.Any": ((1, "type_url", 9, 0, ""), (2, "value", 12, 0, "")),
    "google.protobuf.Empty": (),
    "google.protobuf.FieldMask": ((1, "paths", 9, REPEATED, ""),),
}
#: Their names, which a schema of one's own need not bring.
WELL_KNOWN: Final = frozenset(_WELL_KNOWN)
_NULL_VALUE: Final = EnumType("google.protobuf.NullValue", {0: "NULL_VALUE"})


class Variant(NamedTuple):
    """What a field number means in some releases.

    ``type`` is a scalar type's number or the key of a message or enum; of a map its values'.
    ``facts`` are attributes of :class:`~inspector.schema.types.Field` that only a schema of one's
    own has, as pairs.
    """

    name: str
    label: int
    type: int | str
    oneof: str
    releases: Mask
    facts: tuple[tuple[str, Any], ...] = ()

    @property
    def meaning(self) -> tuple[str, int, int | str]:
        """What must be the same for two variants to show the same; presence need not."""
        return (self.name, 0 if self.label == OPTIONAL else self.label, self.type)


class Split(NamedTuple):
    """Releases that agree about all of some contested places."""

    meanings: tuple[int, ...]
    releases: Mask


class MergedSchema:
    """The releases, oldest first, and what each of them knows.

    Attributes:
        names: of the releases.
        published: when each of them was, ISO 8601 in UTC; empty for a schema of one's own.
        full: the set of all releases.
        latest: the newest published release, as a set.
        kinds: what is known of kinds, oldest first.
    """

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """Takes the parsed ``resources/schema.json``, or that with a schema of one's own."""
        self.names: tuple[str, ...] = tuple(name for name, _ in tables["releases"])
        self.published: tuple[str, ...] = tuple(when for _, when in tables["releases"])
        self.full: Mask = (1 << len(self.names)) - 1
        self.latest: Mask = 1 << max(at for at, when in enumerate(self.published) if when)
        self.kinds = tuple(map(_kind_row, tables["kinds"]))
        self._closed: frozenset[str] = frozenset(tables.get("closed", ()))
        self._redacted: frozenset[str] = frozenset(tables.get("redacted", ()))
        self._tables = tables
        self._variants: dict[str, dict[int, list[Variant]]] = {}
        self._secret_fields: dict[Place, list[Field]] = {}
        self._views: dict[tuple[int, int | None], SchemaView] = {}
        self._releases: dict[int, SchemaView] = {}
        self._partitions: dict[Place, list[Mask]] = {}
        self._same: dict[str, list[Mask]] = {}
        self._alike: dict[tuple[frozenset[Place], int], Mask] = {}
        self._splits: dict[frozenset[Place], list[Split]] = {}

    @cached_property
    def _messages(self) -> Mapping[str, Any]:
        messages: Mapping[str, Any] = self._tables["messages"]
        return messages

    @cached_property
    def _enums(self) -> Mapping[str, Any]:
        enums: Mapping[str, Any] = self._tables["enums"]
        return enums

    # What is known

    def number(self, name: str) -> int:
        """The number of a release.

        Raises:
            KeyError: there is no such release.
        """
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def message_names(self, key: str) -> list[tuple[str, Mask]]:
        """The names of a message, oldest first, and the releases that have it under each."""
        return [(name, mask_of_runs(runs)) for name, *runs in self._messages[key][0]]

    def is_message(self, key: str) -> bool:
        """Whether a type is a message, not an enum."""
        return key in self._messages or key in _WELL_KNOWN

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """The key of each message by any of its names."""
        return {name: key for key, (names, _) in self._messages.items() for name, *_ in names}

    @cached_property
    def shared_names(self) -> frozenset[str]:
        """Last parts of the full names of messages and enums that more than one of them has."""
        found: dict[str, set[str]] = {}
        types = (*self.keys.items(), *((name, name) for name in self._enums))
        for name, key in types:
            found.setdefault(name.rpartition(".")[2], set()).add(key)
        return frozenset(last for last, keys in found.items() if len(keys) > 1)

    def message_keys(self) -> Iterable[str]:
        """The keys of all messages."""
        return self._messages.keys()

    def enum_names(self) -> Iterable[str]:
        """The full names of all enums."""
        return self._enums.keys()

    def variants(self, key: str) -> dict[int, list[Variant]]:
        """What each number of a message ever meant, by ascending number, oldest first."""
        known = self._variants.get(key)
        if known is None:
            known = {}
            for number, name, label, type_, oneof, *runs in self._messages[key][1]:
                facts: tuple[tuple[str, Any], ...] = ()
                if runs and isinstance(runs[-1], tuple):
                    facts = runs.pop()
                variant = Variant(name, label, type_, oneof, mask_of_runs(runs), facts)
                known.setdefault(number, []).append(variant)
            self._variants[key] = known
        return known

    def values(self, enum: str) -> dict[int, list[tuple[str, Mask]]]:
        """What each number of an enum was ever called, oldest first."""
        found: dict[int, list[tuple[str, Mask]]] = {}
        for number, name, *runs in self._enums[enum]:
            found.setdefault(number, []).append((name, mask_of_runs(runs)))
        return found

    def is_closed(self, enum: str) -> bool:
        """Whether an enum is closed; those of the releases are open."""
        return enum in self._closed

    # Kinds

    def rows_of(self, kind_text: str) -> list[KindRow]:
        """What is known of a kind, oldest first, however it is spelled."""
        return self._rows_by_kind.get(normal_kind(kind_text), [])

    @cached_property
    def _rows_by_kind(self) -> Mapping[str, list[KindRow]]:
        found: dict[str, list[KindRow]] = {}
        for row in self.kinds:
            found.setdefault(normal_kind(row.kind), []).append(row)
        return found

    def root(self, kind_text: str) -> str | None:
        """The key of a kind's message, of its newest row that has one; None for an unknown kind."""
        rows = self.rows_of(kind_text)
        return next((row.message for row in reversed(rows) if row.message), None)

    def releases_of(self, kind_text: str) -> Mask:
        """The releases that know a kind; 0 for an unknown one."""
        return union(row.releases for row in self.rows_of(kind_text))

    def clue(self, kind_text: str) -> tuple[Clue, ...]:
        """What a kind says of the releases that can have written a record of it."""
        return self._clues_by_kind.get(normal_kind(kind_text), ())

    @cached_property
    def _clues_by_kind(self) -> Mapping[str, tuple[Clue, ...]]:
        return {
            kind: (Clue(union(row.releases for row in rows), f"it is of kind {rows[-1].kind}"),)
            for kind, rows in self._rows_by_kind.items()
        }

    def rewriter(self, kind_text: str) -> int | None:
        """The release that wrote all rows of a kind again, where a migration renamed it."""
        releases = self.releases_of(kind_text) if self.was_renamed(kind_text) else 0
        return newest(releases) if releases else None

    def was_renamed(self, kind_text: str) -> bool:
        """Whether a kind is the later name of another, whose rows a migration wrote again."""
        return normal_kind(kind_text) != family(kind_text)[0]

    # Views

    def view(self, number: int, rewriter: int | None = None) -> SchemaView:
        """Every field there ever was, contested numbers as a release has them.

        Args:
            number: the release.
            rewriter: another one, whose meaning comes first where it has one.
        """
        made = self._views.get((number, rewriter))
        if made is None:
            made = SchemaView(self, number, strict=False, rewriter=rewriter)
            self._views[number, rewriter] = made
        return made

    def first_alike(self, key: str, number: int) -> int:
        """The oldest release that takes a message and all it can hold for what another one does.

        Args:
            key: the message's key.
            number: the other release.
        """
        return oldest(next(mask for mask in self._agreeing(key) if mask >> number & 1))

    def _agreeing(self, key: str) -> list[Mask]:
        """The releases, parted by what they take a message and all that it can hold for."""
        found = self._same.get(key)
        if found is None:
            found = [self.full]
            for masks in {tuple(one) for one in self._meanings(key)}:
                parts = _parts(masks, len(self.names))
                found = [both for one in found for part in parts if (both := one & part)]
            self._same[key] = found
        return found

    def _meanings(self, key: str) -> Iterator[list[Mask]]:
        """The releases by name or meaning, of all that is contested in and below a message."""
        seen = {key}
        pending = [key] if key in self.unsettled else []
        while pending:
            one = pending.pop()
            names = self.message_names(one)
            if len(names) > 1:
                yield [mask for _, mask in names]
            for variants in self.variants(one).values():
                groups = _groups(variants) if len(variants) > 1 else ()
                if len(groups) > 1:
                    yield _masks(groups)
                for held in {each.type for each in variants} - seen:
                    if held in self._moving:
                        seen.add(str(held))
                        for values in self.values(str(held)).values():
                            yield [mask for _, mask in values]
                    elif held in self.unsettled:
                        seen.add(str(held))
                        pending.append(str(held))

    def strict(self, number: int) -> SchemaView:
        """A release as it is: nothing that it does not know."""
        made = self._releases.get(number)
        if made is None:
            made = self._releases[number] = SchemaView(self, number, strict=True)
        return made

    # Contested places

    def known_at(self, place: Place) -> Mask:
        """The releases that give a contested place any meaning."""
        key, number = place
        if self.is_message(key):
            return union(one.releases for one in self.variants(key)[number])
        return union(mask for _, mask in self.values(key)[number])

    def splits(self, places: frozenset[Place]) -> list[Split]:
        """The releases, parted by what they take all of some contested places for."""
        found = self._splits.get(places)
        if found is None:
            found = [Split((), self.full)]
            for place in sorted(places):
                parts = self._partition(place)
                found = [
                    Split((*before.meanings, index), before.releases & part)
                    for before in found
                    for index, part in enumerate(parts)
                    if before.releases & part
                ]
            self._splits[places] = found
        return found

    def alike(self, places: frozenset[Place], number: int) -> Mask:
        """The releases that take all of some contested places for what one of them does."""
        found = self._alike.get((places, number))
        if found is None:
            splits = self.splits(places)
            found = next(one.releases for one in splits if one.releases >> number & 1)
            self._alike[places, number] = found
        return found

    def _partition(self, place: Place) -> list[Mask]:
        """For each meaning of a place the releases whose view has it."""
        parts = self._partitions.get(place)
        if parts is None:
            key, number = place
            masks = (
                _masks(_groups(self.variants(key)[number]))
                if self.is_message(key)
                else [mask for _, mask in self.values(key)[number]]
            )
            parts = self._partitions[place] = _parts(masks, len(self.names))
        return parts

    @cached_property
    def secretive(self) -> frozenset[str]:
        """The keys of the messages that have, or can hold, a field with a secret rule."""
        rules = secret_table().fields
        ruled = {message for message, _ in rules}
        own = {
            key
            for key, (names, fields) in self._messages.items()
            if any(alias in ruled for alias, *_ in names)
            and any((alias, line[1]) in rules for line in fields for alias, *_ in names)
        }
        return self._holding({*own, *self._redacted, ANY})

    @cached_property
    def holding_any(self) -> frozenset[str]:
        """The keys of the messages that can hold a message of any type."""
        return self._holding((ANY,))

    def secret_fields(self, place: Place) -> Sequence[Field]:
        """What a contested place can be that holds a secret; nothing of any other place."""
        known = self._secret_fields.get(place)
        if known is None:
            key, number = place
            groups = _groups(self.variants(key).get(number, ())) if key in self._messages else []
            known = []
            for group in groups if len(groups) > 1 else ():
                field = self.view(newest(group[-1].releases)).message(key).fields[number]
                inner = field.message is not None and field.message.has_secrets
                if inner or field.secret is not None:
                    known.append(field)
            self._secret_fields[place] = known
        return known

    @cached_property
    def unsettled(self) -> frozenset[str]:
        """The keys of the messages that show, or can hold what shows, other things by release."""
        moving = self._moving
        return self._holding(
            key
            for key, (names, fields) in self._messages.items()
            if len(names) > 1
            or any(line[3] in moving for line in fields)
            or _has_several_meanings(fields)
        )

    @cached_property
    def _moving(self) -> frozenset[str]:
        """The enums that ever gave a number another name."""
        return frozenset(
            enum
            for enum, lines in self._enums.items()
            if len({line[0] for line in lines}) < len(lines)
        )

    def _holding(self, marked: Iterable[str]) -> frozenset[str]:
        """Some messages and all that can hold one of them."""
        found: set[str] = set()
        pending = list(marked)
        while pending:
            key = pending.pop()
            if key not in found:
                found.add(key)
                pending += self._holders.get(key, ())
        return frozenset(found)

    @cached_property
    def _holders(self) -> Mapping[str, set[str]]:
        """The keys of the messages that have a field of a message, by that one's key."""
        found: dict[str, set[str]] = {}
        for key, (_, fields) in self._messages.items():
            for line in fields:
                if isinstance(line[3], str):
                    found.setdefault(line[3], set()).add(key)
        return found


class SchemaView:
    """The merged schema as message types, made as they are asked for.

    Attributes:
        number: the release whose meaning contested numbers have.
        rewriter: the one whose meaning comes first where it has one, if any.
        is_strict: whether what that release does not know is left out.
    """

    def __init__(
        self, merged: MergedSchema, number: int, *, strict: bool, rewriter: int | None = None
    ) -> None:
        self.merged = merged
        self.number = number
        self.rewriter = rewriter
        self.is_strict = strict
        self._bit = 1 << number
        self._made: dict[str, MessageType] = {}
        self._enums: dict[str, EnumType] = {}

    def message(self, key: str) -> MessageType:
        """A message type and all that it can hold.

        Args:
            key: its key in the merged schema, or a well-known type's name.

        Raises:
            KeyError: there is no such message.
        """
        found = self._made.get(key)
        if found is None:
            made: dict[str, MessageType] = {}
            everything = dict(self._made)
            pending = [key]
            while pending:
                one = pending.pop()
                if one in everything:
                    continue
                keeper = self._keeper(one)
                if keeper is not self:
                    everything[one] = keeper.message(one)
                    continue
                made[one] = everything[one] = self._shell(one)
                pending += self._inner(one)
            for one, message in made.items():
                message.fields.update(self._fields(one, everything))
            # Only whole types are put where another thread may find them.
            self._made.update(everything)
            found = everything[key]
        return found

    def _keeper(self, key: str) -> SchemaView:
        """The view that makes a message, one object for all views in which it is the same."""
        if self.is_strict:
            return self
        rewriter = self.rewriter if key in self.merged.unsettled else None
        return self.merged.view(self.merged.first_alike(key, self.number), rewriter)

    def release(self) -> Release:
        """The view as a release: its messages by their names in it, and its kinds."""
        merged = self.merged
        own = _Messages(self)
        kinds = {
            normal_kind(row.kind): self.kind(row)
            for row in merged.kinds
            if row.releases & self._bit and (row.message is None or self.has(row.message))
        }
        return Release(merged.names[self.number], own, kinds)

    def kind(self, row: KindRow) -> KindInfo:
        """What a row says of a kind, with its message in this view."""
        message = self.message(row.message) if row.message else None
        return KindInfo(
            row.kind, row.number, row.display_name, row.group, row.id_prefix, row.versioned, message
        )

    def has(self, key: str) -> bool:
        """Whether the release has a message."""
        names = self.merged.message_names(key)
        return any(mask & self._bit for _, mask in names)

    def _shell(self, key: str) -> MessageType:
        if key in _WELL_KNOWN and key not in self.merged.message_keys():
            made = MessageType(key, {}, key in self.merged.secretive, key=key)
            if key == ANY:
                made.packable = _ByName(self)
            return made
        names = self.merged.message_names(key)
        own = self._nearest([mask for _, mask in names])
        whole = union(mask for _, mask in names)
        return MessageType(names[own][0], {}, key in self.merged.secretive, releases=whole, key=key)

    def _numbers(self, key: str) -> Iterator[tuple[int, list[Variant], list[list[Variant]], int]]:
        """Number, the variants that are read as one, all of them by meaning, and which it is."""
        for number, variants in self.merged.variants(key).items():
            if self.is_strict:
                own = [one for one in variants if one.releases & self._bit]
                if own:
                    yield number, own[:1], [own[:1]], 0
                continue
            groups = [variants] if len(variants) == 1 else _groups(variants)
            at = 0
            if len(groups) > 1:
                at = self._nearest(_masks(groups))
            yield number, groups[at], groups, at

    def _nearest(self, masks: Sequence[Mask]) -> int:
        """Which of several meanings the view has."""
        rewriter = self.rewriter
        if rewriter is not None and any(mask >> rewriter & 1 for mask in masks):
            return nearest(masks, rewriter)
        return nearest(masks, self.number)

    def _inner(self, key: str) -> list[str]:
        if key in _WELL_KNOWN and key not in self.merged.message_keys():
            types: Iterable[int | str] = (line[2] for line in _WELL_KNOWN[key])
        else:
            types = (own[0].type for _, own, _, _ in self._numbers(key))
        return [one for one in types if isinstance(one, str) and self.merged.is_message(one)]

    def _fields(self, key: str, types: Mapping[str, MessageType]) -> dict[int, Field]:
        merged = self.merged
        if key in _WELL_KNOWN and key not in merged.message_keys():
            lines = _WELL_KNOWN[key]
            made = {
                number: self._field(number, [Variant(name, label, type_, oneof, 0)], types)
                for number, name, type_, label, oneof in lines
            }
            if key == ANY:
                # Bytes that no schema reads may hold what is a secret.
                made[2].secret = SecretRule.ALWAYS
            return made
        rules = secret_table().fields
        names = merged.message_names(key)
        aliases = [name for name, _ in names]
        latest = merged.latest if names[-1][1] & merged.latest else 0
        found: dict[int, Field] = {}
        for number, own, groups, _ in self._numbers(key):
            field = found[number] = self._field(number, own, types)
            name = own[0].name
            rule = next((r for a in aliases if (r := rules.get((a, name)))), None)
            field.secret = field.secret or rule
            if self.is_strict:
                continue
            field.owner = types[key].full_name
            field.known = field.releases
            if latest and not field.releases & latest:
                field.last = merged.names[newest(field.releases)]
            if len(groups) > 1:
                field.contested = (key, number)
                field.known = merged.known_at(field.contested)
            field.dated = field.dated or len(groups) > 1 or field.releases != merged.full
        return dict(sorted(found.items()))

    def _field(
        self, number: int, variants: Sequence[Variant], types: Mapping[str, MessageType]
    ) -> Field:
        """A field; variants that differ in presence or oneof alone are read as one."""
        first = variants[0]
        releases = first.releases
        presence = first.label == OPTIONAL or bool(first.oneof)
        oneof = first.oneof or None
        for other in variants[1:]:
            releases |= other.releases
            presence = presence or other.label == OPTIONAL or bool(other.oneof)
            # Members of what is a oneof in some releases alone may stand side by side.
            oneof = oneof if oneof == (other.oneof or None) else None
        repeated = first.label == REPEATED
        made = Field(
            number, first.name, json_name(first.name), ScalarType.STRING, repeated=repeated
        )
        made.presence, made.oneof, made.releases = presence, oneof, releases
        if first.label >= MAP_LABEL:
            self._map(made, first, types)
        else:
            self._refer(made, first.type, types)
            made.presence = presence or (made.message is not None and not repeated)
        for name, value in first.facts:
            setattr(made, name, value)
        if made.enum is not None and not self.is_strict:
            made.dated = bool(made.enum.releases)
        return made

    def _refer(self, field: Field, type_: int | str, types: Mapping[str, MessageType]) -> None:
        if isinstance(type_, int):
            field.type = _SCALARS[type_]
        elif type_ in types:
            field.type, field.message = ScalarType.MESSAGE, types[type_]
        else:
            field.type, field.enum = ScalarType.ENUM, self.enum(type_)

    def _map(self, field: Field, variant: Variant, types: Mapping[str, MessageType]) -> None:
        entry = MessageType(f"{variant.name}.Entry")
        key = Field(1, "key", "key", _SCALARS[variant.label - MAP_LABEL])
        value = Field(2, "value", "value", ScalarType.STRING)
        self._refer(value, variant.type, types)
        value.presence = value.message is not None
        entry.fields.update({1: key, 2: value})
        entry.has_secrets = value.message is not None and value.message.has_secrets
        field.type, field.message, field.repeated, field.is_map = (
            *(ScalarType.MESSAGE, entry, True, True),
        )
        field.map_key, field.map_value = key, value

    def enum(self, name: str) -> EnumType:
        """An enum type of this view."""
        made = self._enums.get(name)
        if made is None:
            made = self._enums[name] = self._enum(name)
        return made

    def _enum(self, name: str) -> EnumType:
        if name == _NULL_VALUE.full_name:
            return _NULL_VALUE
        merged = self.merged
        names: dict[int, str] = {}
        releases: dict[int, Mask] = {}
        contested: set[int] = set()
        for number, values in merged.values(name).items():
            masks = [mask for _, mask in values]
            if self.is_strict:
                own = next((text for text, mask in values if mask & self._bit), None)
                if own is not None:
                    names[number] = own
                continue
            names[number] = values[self._nearest(masks)][0]
            whole = union(masks)
            if whole != merged.full:
                releases[number] = whole
            if len(values) > 1:
                contested.add(number)
                releases[number] = whole
        closed = merged.is_closed(name)
        return EnumType(name, names, closed, releases, frozenset(contested))


class _ByName(Mapping[str, MessageType]):
    """The messages of a view by any of their names."""

    def __init__(self, view: SchemaView) -> None:
        self._view = view

    def __getitem__(self, name: str) -> MessageType:
        if name in _WELL_KNOWN:
            return self._view.message(name)
        return self._view.message(self._view.merged.keys[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._view.merged.keys)

    def __len__(self) -> int:
        return len(self._view.merged.keys)


class _Messages(Mapping[str, MessageType]):
    """The messages of a strict view by the names they have in its release."""

    def __init__(self, view: SchemaView) -> None:
        self._view = view
        bit = 1 << view.number
        merged = view.merged
        self._keys = {
            name: key
            for key in merged.message_keys()
            for name, mask in merged.message_names(key)
            if mask & bit
        }

    def __getitem__(self, name: str) -> MessageType:
        if name in _WELL_KNOWN:
            return self._view.message(name)
        return self._view.message(self._keys[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def nearest(masks: Sequence[Mask], number: int) -> int:
    """Which of several meanings a release has: its own, else the last one before, else the next."""
    bit = 1 << number
    before = after = -1
    for index, mask in enumerate(masks):
        if mask & bit:
            return index
        earlier = mask & (bit - 1)
        if earlier and (
            before < 0 or earlier.bit_length() > (masks[before] & (bit - 1)).bit_length()
        ):
            before = index
        later = mask >> number
        if later and (after < 0 or oldest(later) < oldest(masks[after] >> number)):
            after = index
    return before if before >= 0 else after


def _parts(masks: Sequence[Mask], count: int) -> list[Mask]:
    """For each of several meanings the releases that have it, or come nearest to it."""
    parts = [0] * len(masks)
    edges = 1
    for mask in masks:
        edges |= mask ^ mask << 1
    starts = [one for one in numbers(edges) if one < count]
    for start, stop in pairwise((*starts, count)):
        # Between two edges no meaning begins or ends.
        parts[nearest(masks, start)] |= (1 << stop) - (1 << start)
    return parts


def _has_several_meanings(fields: Sequence[Any]) -> bool:
    """Whether a number of a message ever had another name, label or type."""
    numbers = {line[0] for line in fields}
    if len(numbers) == len(fields):
        return False
    return len(numbers) < len({tuple(line[:4]) for line in fields})


def _masks(groups: Iterable[Iterable[Variant]]) -> list[Mask]:
    """For each meaning the releases that have it."""
    return [union(one.releases for one in group) for group in groups]


def _groups(variants: Sequence[Variant]) -> list[list[Variant]]:
    """Variants by what they mean, oldest first."""
    found: dict[tuple[str, int, int | str], list[Variant]] = {}
    for one in variants:
        found.setdefault(one.meaning, []).append(one)
    return list(found.values())


def _kind_row(line: Sequence[Any]) -> KindRow:
    kind, number, display, group, prefix, retired, versioned, message, *runs = line
    return KindRow(
        kind, number, display, group, prefix, tuple(retired.split()), versioned, message or None,
        mask_of_runs(runs),
    )  # fmt: skip


# The enums that a message can hold.


@cache
def enums_of(message: MessageType) -> tuple[EnumType, ...]:
    """The enums of a message's fields and of all it can hold, each once."""
    found: dict[str, EnumType] = {}
    seen: set[int] = set()
    pending = [message]
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        for each in one.fields.values():
            if each.enum is not None:
                found.setdefault(each.enum.full_name, each.enum)
            if each.message is not None:
                pending.append(each.message)
    return tuple(found.values())
