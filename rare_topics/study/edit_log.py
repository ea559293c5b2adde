"""What an analyst has changed in a study by hand: a log, from which names follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ACTIONS = (
    "seed_topic", "rename_topic", "rename_cluster", "merge_topics", "split_topic", "drop_topic", "move",
)  # fmt: skip
# Those after which the topics are others.
STRUCTURAL = frozenset({"merge_topics", "split_topic", "drop_topic"})
LANGS = ("en", "zh")


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change.

    Attributes
    ----------
    action
        One of `ACTIONS`; a topic that was seeded at the fit has its name from there.
    numbers
        Topics or clusters: of a merger those that became the first; of a split the topic and what
        it became besides; of a move the cluster.
    texts
        Names in English and Chinese, empty where none was given; or the id of the article moved.
    """

    action: str
    numbers: tuple[int, ...]
    texts: tuple[str, ...] = ()

    def line(self) -> str:
        """Say in one line what was changed."""
        first, *others = self.numbers
        named = " | ".join(text for text in self.texts if text)
        listed = ", ".join(map(str, others))
        which = f"topics {listed} were" if len(others) > 1 else f"topic {listed} was"
        return {
            "seed_topic": f"topic {first} was asked for by its words: {named.partition(' | ')[0]}",
            "rename_topic": f"topic {first} is called {named}",
            "rename_cluster": f"cluster {first} is called {named}",
            "merge_topics": f"{which} merged into topic {first}",
            "split_topic": f"topic {first} was split; out of it came topic{'s' * (len(others) > 1)} {listed}",
            "drop_topic": f"topic {first} was dropped",
            "move": f"article {named} was moved to cluster {first}",
        }[self.action]


def names_by_hand(edits: Iterable[Edit], kind: str) -> dict[int, dict[str, str]]:
    """Return the names that were given by hand.

    Parameters
    ----------
    edits
        The log.
    kind
        ``topic`` or ``cluster``.

    Returns
    -------
    dict of int to dict
        By number ``label_en``, ``label_zh`` or both. A topic that was split has lost its name.
    """
    names: dict[int, dict[str, str]] = {}
    for edit in edits:
        if edit.action in {f"rename_{kind}", f"seed_{kind}"}:
            given = {f"label_{lang}": text for lang, text in zip(LANGS, edit.texts, strict=True) if text}
            names[edit.numbers[0]] = {**names.get(edit.numbers[0], {}), **given}
        elif kind == "topic" and edit.action in STRUCTURAL:
            gone = edit.numbers[1:] if edit.action == "merge_topics" else edit.numbers[:1]
            for number in gone:
                names.pop(number, None)
    return names


def is_restructured(edits: Iterable[Edit]) -> bool:
    """Tell whether the topics are others than those that were learned."""
    return any(edit.action in STRUCTURAL for edit in edits)


def highest_number(edits: Iterable[Edit]) -> int:
    """Return the highest number of a topic in the log, -1 for none."""
    return max((number for edit in edits if "topic" in edit.action for number in edit.numbers), default=-1)


def edits_from(entries: Iterable[Mapping[str, object]]) -> tuple[Edit, ...]:
    """Make a log of what was stored of it."""
    return tuple(Edit(**entry) for entry in entries)  # type: ignore[arg-type]
