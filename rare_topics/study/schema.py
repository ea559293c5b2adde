"""The language in which it is declared what a saved study may hold, and the check of stored data against it.

Stored data is the JSON and the arrays of `rare_topics.study.serialization.pack`; nothing is made from it before it was
checked. A size that has a name (``"topics"``) is the same wherever it is named: the first place sets it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from rare_topics.errors import UNPRINTABLE

# Sums of probabilities and lengths of vectors are 1 but for the rounding of single precision.
TOLERANCE = 1e-4
# Characters of a value that a message shows.
SHOWN_CHARACTERS = 40
DTYPES: Mapping[str, tuple[str, ...]] = {"float": ("<f8", "<f4"), "int": ("<i8", "<i4"), "bool": ("|b1",)}
Json = Any


@dataclass(frozen=True)
class Scope:
    """What a check knows and learns.

    Attributes
    ----------
    arrays : mapping of str to ndarray
        The stored arrays.
    sizes : dict of str to int
        Sizes by name; those that are not known yet are learned.
    settings : mapping of str to mapping
        By kind of estimator, the parameters that differ from their defaults.
    is_edited : bool
        Whether the topics are others than those that were learned: seeded, merged, split or dropped.
    used : set of str
        Names of the arrays that were met.
    """

    arrays: Mapping[str, Any]
    sizes: dict[str, int] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_edited: bool = False
    used: set[str] = field(default_factory=set)

    def size(self, name: str, found: int, where: str) -> None:
        """Learn a size, or compare it with what is known."""
        if self.sizes.setdefault(name, found) != found:
            refuse(where, f"{self.sizes[name]} {name.replace('_', ' ')}", found)

    def array(self, name: object, where: str) -> Any:  # noqa: ANN401 - an array
        """Return a stored array; each belongs to one place."""
        if type(name) is not str or name not in self.arrays or name in self.used:
            refuse(where, "an array of its own", name)
        self.used.add(str(name))
        return self.arrays[str(name)]


class Node(Protocol):
    """What may stand in one place."""

    def check(self, data: Json, where: str, scope: Scope) -> None:
        """Raise ValueError, which names the place, unless the data is as declared."""


def refuse(where: str, expected: str, found: object) -> None:
    """Raise ValueError that says what was expected where."""
    shown = repr(found)
    shown = shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}…"
    raise ValueError(f"{where}: expected {expected}, got {shown}")


@dataclass(frozen=True)
class Exactly:
    """One value, of its type."""

    value: Json

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102 - see Node
        if type(data) is not type(self.value) or data != self.value:
            refuse(where, repr(self.value), data)


@dataclass(frozen=True)
class OneOf:
    """One of some texts."""

    values: tuple[str, ...]

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if type(data) is not str or data not in self.values:
            refuse(where, f"one of {', '.join(self.values)}", data)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if type(data) is not bool:
            refuse(where, "true or false", data)


@dataclass(frozen=True)
class Whole:
    """A whole number from `low`, below the size that `below` names, if any."""

    low: int = 0
    below: str = ""

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        high = scope.sizes[self.below] if self.below else 2**53
        if type(data) is not int or not self.low <= data < high:
            refuse(where, f"a whole number from {self.low} to {high - 1}", data)


@dataclass(frozen=True)
class Size:
    """A whole number that is the size of a name."""

    name: str

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        Whole().check(data, where, scope)
        scope.size(self.name, data, where)


@dataclass(frozen=True)
class Real:
    """A finite number in a range."""

    low: float = -math.inf
    high: float = math.inf

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if type(data) not in (int, float) or not math.isfinite(data) or not self.low <= data <= self.high:
            refuse(where, f"a number from {self.low} to {self.high}", data)


@dataclass(frozen=True)
class Text:
    """A text that can be written and printed."""

    longest: int | None = None

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if type(data) is not str or UNPRINTABLE.search(data) or len(data) > (self.longest or len(data)):
            refuse(where, "a text that can be printed", data)


@dataclass(frozen=True)
class Optional:
    """Nothing, or what `node` takes."""

    node: Node

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if data is not None:
            self.node.check(data, where, scope)


@dataclass(frozen=True)
class Array:
    """A dense array of finite numbers.

    Parameters
    ----------
    kind
        ``float``, ``int`` or ``bool``.
    shape
        Sizes: names, numbers, or None for any.
    low, high
        Range of the entries.
    below
        Name of a size that all entries are below.
    rows
        What each row is: a ``distribution`` adds up to 1, a ``direction`` has length 1 or is 0 all over.
    """

    kind: str
    shape: tuple[str | int | None, ...]
    low: float = -math.inf
    high: float = math.inf
    below: str = ""
    rows: str = ""

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if not isinstance(data, dict) or {*data} != {"array"}:
            refuse(where, "an array", data)
        array = scope.array(data["array"], where)
        self.check_type_and_shape(array, where, scope)
        self.check_entries(array, where, scope)

    def check_type_and_shape(self, array: Any, where: str, scope: Scope) -> None:  # noqa: ANN401 - an array
        """Check the type of the numbers and the sizes."""
        if array.dtype.str not in DTYPES[self.kind]:
            refuse(where, f"numbers of the type {self.kind}", array.dtype.str)
        if array.ndim != len(self.shape):
            refuse(where, f"{len(self.shape)} axes", array.shape)
        for wanted, found in zip(self.shape, array.shape, strict=True):
            if isinstance(wanted, str):
                scope.size(wanted, found, where)
            elif wanted is not None and wanted != found:
                refuse(where, f"an axis of {wanted}", array.shape)

    def check_entries(self, array: Any, where: str, scope: Scope) -> None:  # noqa: ANN401 - an array
        """Check that all numbers are finite and in their range."""
        if self.kind == "bool" or not array.size:
            return
        least, most = array.min(), array.max()  # NaN where there is one
        high = min(self.high, scope.sizes[self.below] - 1) if self.below else self.high
        if not (math.isfinite(least) and math.isfinite(most)):
            refuse(where, "finite numbers", "others")
        if least < self.low or most > high:
            refuse(where, f"numbers from {self.low} to {high}", float(least if least < self.low else most))
        if self.rows == "distribution" and not np.allclose(array.sum(axis=1), 1, atol=TOLERANCE):
            refuse(where, "rows that add up to 1", "others")
        lengths = np.linalg.norm(array, axis=1) if self.rows == "direction" else np.zeros(0)
        if not (np.isclose(lengths, 1, atol=TOLERANCE) | (lengths == 0)).all():
            refuse(where, "rows of length 1", "others")


@dataclass(frozen=True)
class Csr:
    """A sparse matrix of finite numbers that are not negative, with indices within it."""

    shape: tuple[str, str]

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if not isinstance(data, dict) or {*data} != {"csr", "shape"}:
            refuse(where, "a sparse matrix", data)
        parts, shape = data["csr"], data["shape"]
        if not isinstance(parts, list) or len(parts) != 3 or not isinstance(shape, list) or len(shape) != 2:  # noqa: PLR2004
            refuse(where, "three arrays and two sizes", data)
        for name, size in zip(self.shape, shape, strict=True):
            Size(name).check(size, where, scope)
        values, columns, bounds = (scope.array(name, where) for name in parts)
        Array("float", (None,), low=0).check_type_and_shape(values, where, scope)
        Array("float", (None,), low=0).check_entries(values, where, scope)
        Array("int", (len(values),), low=0).check_type_and_shape(columns, where, scope)
        Array("int", (len(values),), low=0, high=shape[1] - 1).check_entries(columns, where, scope)
        Array("int", (shape[0] + 1,)).check_type_and_shape(bounds, where, scope)
        if bounds[0] != 0 or bounds[-1] != len(values) or (np.diff(bounds) < 0).any():
            refuse(where, "rows one after the other", "others")


@dataclass(frozen=True)
class Each:
    """A list of entries of one kind."""

    node: Node
    most: int | None = None

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        entries = content(data, "list", list, where)
        if self.most is not None and len(entries) > self.most:
            refuse(where, f"at most {self.most} entries", len(entries))
        for number, entry in enumerate(entries):
            self.node.check(entry, f"{where}[{number}]", scope)


@dataclass(frozen=True)
class Some:
    """A tuple of entries of one kind, `most` of them at the most."""

    node: Node
    most: int

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        entries = content(data, "tuple", list, where)
        if len(entries) > self.most:
            refuse(where, f"at most {self.most} entries", len(entries))
        for number, entry in enumerate(entries):
            self.node.check(entry, f"{where}[{number}]", scope)


@dataclass(frozen=True)
class Fields:
    """A list or tuple with an entry of its own kind in each position."""

    nodes: tuple[Node, ...]
    kind: str = "tuple"

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        entries = content(data, self.kind, list, where)
        if len(entries) != len(self.nodes):
            refuse(where, f"{len(self.nodes)} entries", len(entries))
        for number, (node, entry) in enumerate(zip(self.nodes, entries, strict=True)):
            node.check(entry, f"{where}[{number}]", scope)


@dataclass(frozen=True)
class Named:
    """A mapping of texts to values of one kind, as many as the size that `count` names, if any."""

    node: Node
    count: str = ""

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        entries = content(data, "dict", dict, where)
        if self.count:
            scope.size(self.count, len(entries), where)
        for key, entry in entries.items():
            Text().check(key, where, scope)
            self.node.check(entry, where, scope)


@dataclass(frozen=True)
class Row:
    """A mapping with the keys that are declared and no others."""

    nodes: Mapping[str, Node]

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        check_keys(content(data, "dict", dict, where), self.nodes, where, scope)


@dataclass(frozen=True)
class Record:
    """A fitted part: its parameters as a fit sets them, its learned attributes as declared, and no others.

    Parameters
    ----------
    kind
        Name of its class.
    learned
        Attributes; one that sets a size stands before those that are measured by it.
    defaults
        Parameters by name; those in the settings of the scope take precedence.
    laws
        Functions of the attributes and the scope that refuse what does not hold together.
    """

    kind: str
    learned: Mapping[str, Node]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    laws: Sequence[Callable[[Mapping[str, Json], str, Scope], None]] = ()

    def check(self, data: Json, where: str, scope: Scope) -> None:  # noqa: D102
        if not isinstance(data, dict) or {*data} != {"kind", "state"} or data["kind"] != self.kind:
            refuse(where, f"a {self.kind}", data)
        parameters = {**self.defaults, **scope.settings.get(self.kind, {})}
        nodes = {**{name: Exactly(value) for name, value in parameters.items()}, **self.learned}
        check_keys(data["state"], nodes, where, scope)
        for law in self.laws:
            law(data["state"], where, scope)


def content(data: Json, kind: str, of: type, where: str) -> Any:  # noqa: ANN401 - a list or a mapping
    """Return what stands in a list, tuple or mapping."""
    if not isinstance(data, dict) or {*data} != {kind} or not isinstance(data[kind], of):
        refuse(where, f"a {kind}", data)
    return data[kind]


def check_keys(data: Json, nodes: Mapping[str, Node], where: str, scope: Scope) -> None:
    """Check a JSON object that has the keys which are declared and no others."""
    if not isinstance(data, dict):
        refuse(where, "an object", data)
    if unknown := sorted({*data} - {*nodes}):
        raise ValueError(f"{where}: '{unknown[0][:SHOWN_CHARACTERS]}' is none of its parts")
    for name, node in nodes.items():
        if name not in data:
            raise ValueError(f"{where}: '{name}' is missing")
        node.check(data[name], f"{where}.{name}" if where else name, scope)
