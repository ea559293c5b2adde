"""What numbers measure, from ``data/measures.toml``: names in both languages, and the words of a text that say it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from rare_topics.corpus.languages import Label
from rare_topics.lexicon import Mention

# What the kind of a number adds to the name of its measure: "export" of a percent change is the "export change".
_KIND_LABELS = {
    "share": Label(zh="占比", en="share"),
    "percent change": Label(zh="变化", en="change"),
    "mass": Label(zh="数量", en="volume"),
    "rate": Label(zh="每期数量", en="rate"),
    "money": Label(zh="金额", en="sum"),
    "price": Label(zh="价格", en="price"),
    "count": Label(zh="数目", en="number"),
    "duration": Label(zh="时间", en="time"),
    "ratio": Label(zh="倍数", en="multiple"),
    "rank": Label(zh="排名", en="rank"),
    "score": Label(zh="得分", en="score"),
    "size": Label(zh="规模", en="size"),
    "date": Label(zh="日期", en="date"),
}
_WORD_START = "(?<![A-Za-z-])(?:"
# What an alternative of a pattern surely begins with: up to four letters, or a Chinese character, that no mark makes
# optional.
_LITERAL_START = re.compile(r"[A-Za-z]{2,4}(?![?*{])|[A-Za-z](?=[^?*{|]|$)|[\u4e00-\u9fff](?![?*{])")
_BEGINNING_EN = re.compile(r"(?<![A-Za-z-])[A-Za-z]{1,4}")
_BEGINNING_LENGTHS = (1, 2, 3, 4)
_NO_LABEL = Label(zh="", en="")


class Measure(NamedTuple):
    """Something that numbers measure.

    Attributes
    ----------
    name
        Its name, which is its English label, too.
    label
        Its name in both languages.
    default_term
        What is meant where the text uses a word, and no concept that says it more precisely.
    concepts
        Concepts of the lexicon that name it.
    words_zh, words_en
        Patterns of the other words that name it, None where there are none.
    kinds
        Kinds of quantities that can measure it; see `rare_topics.quantities.KINDS`.
    weight
        By how many words farther away than another measure it may stand and still be the subject;
        chosen by hand on the seed pages.
    is_state
        Whether it has one value at a time, so that two values of it disagree.
    ignores
        ``object`` or ``place`` where these do not tell its subjects apart.
    is_of_party
        Whether it is said of a company or a country and not of a material, as a profit is, so that
        it takes no thing from outside its sentence.
    kind_labels
        Names of it by the kind of the quantity, where they are not made of both names.
    wordings
        What a phrase for readers calls it, by the kind of the quantity, where that differs.
    """

    name: str
    label: Label
    default_term: Label
    concepts: frozenset[str]
    words_zh: re.Pattern[str] | None
    words_en: re.Pattern[str] | None
    kinds: frozenset[str]
    weight: float
    is_state: bool
    ignores: frozenset[str]
    is_of_party: bool
    kind_labels: dict[str, Label]
    wordings: dict[str, Label]


class MeasureTerm(NamedTuple):
    """A place in a text that names a measure: character offsets, and the concept or word that names it."""

    measure: Measure
    start: int
    end: int
    term: str


@lru_cache(maxsize=1)
def measures() -> dict[str, Measure]:
    """Read the measures, by name."""
    data = tomllib.loads((files("rare_topics") / "data" / "measures.toml").read_text("utf-8"))
    found = {}
    for entry in data["measure"]:
        label = Label(zh=entry["label_zh"], en=entry["name"])
        term = Label(zh=entry.get("default_term_zh", label.zh), en=entry.get("default_term_en", label.en))
        found[entry["name"]] = Measure(
            name=entry["name"],
            label=label,
            default_term=term,
            concepts=frozenset(entry.get("concepts", ())),
            words_zh=re.compile("|".join(entry["zh"])) if entry.get("zh") else None,
            words_en=_english_pattern(entry["en"]) if entry.get("en") else None,
            kinds=frozenset(entry["kinds"]),
            weight=float(entry.get("weight", 0)),
            is_state=bool(entry.get("state")),
            ignores=frozenset(entry.get("ignores", ())),
            is_of_party=bool(entry.get("of_party")),
            kind_labels={kind: Label(**label) for kind, label in entry.get("labels", {}).items()},
            wordings={kind: Label(**label) for kind, label in entry.get("wordings", {}).items()},
        )
    return found


def _english_pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Match whole words in either case."""
    return re.compile(rf"{_WORD_START}{'|'.join(words)})(?![A-Za-z])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _measures_of_concepts() -> dict[str, tuple[Measure, ...]]:
    """Return the measures that each concept names, in their order."""
    named: dict[str, tuple[Measure, ...]] = {}
    for measure in measures().values():
        for concept in measure.concepts:
            named[concept] = (*named.get(concept, ()), measure)
    return named


class _Patterns(NamedTuple):
    """Patterns of measures, and their positions by how their words begin.

    `of_beginning` holds a Chinese character or the first letters of an English word; `of_any` the positions of
    patterns that begin otherwise.
    """

    patterns: tuple[tuple[Measure, re.Pattern[str]], ...]
    of_beginning: dict[str, set[int]]
    of_any: set[int]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    both = ((measure, pattern) for measure in measures().values() for pattern in (measure.words_zh, measure.words_en))
    patterns = tuple((measure, pattern) for measure, pattern in both if pattern is not None)
    of_beginning: dict[str, set[int]] = {}
    of_any: set[int] = set()
    for number, (_, pattern) in enumerate(patterns):
        beginnings = _beginnings(pattern)
        if not beginnings:
            of_any.add(number)
        for beginning in beginnings:
            of_beginning.setdefault(beginning, set()).add(number)
    return _Patterns(patterns, of_beginning, of_any)


def _beginnings(pattern: re.Pattern[str]) -> set[str]:
    """Return a character or letters with which each alternative begins; empty where one begins with neither."""
    inner = pattern.pattern
    if inner.startswith(_WORD_START):
        inner = inner[len(_WORD_START) : inner.rindex(")(?!")]
    depth, alternatives = 0, [""]
    for char in inner:
        depth += (char in "([") - (char in ")]")
        if char == "|" and not depth:
            alternatives.append("")
        else:
            alternatives[-1] += char
    starts = [_LITERAL_START.match(alternative) for alternative in alternatives]
    return {start[0].lower() for start in starts if start} if all(starts) else set()


def _patterns_for(text: str) -> list[tuple[Measure, re.Pattern[str]]]:
    """Return the patterns that may match somewhere in a text, so that the others are not tried."""
    patterns, of_beginning, of_any = _patterns()
    words = set(map(str.lower, _BEGINNING_EN.findall(text)))
    words = {word[:length] for word in words for length in _BEGINNING_LENGTHS}
    named = of_any.union(*(of_beginning[beginning] for beginning in words.union(text) if beginning in of_beginning))
    return [patterns[number] for number in sorted(named)]


def find_measure_terms(text: str, mentions: Sequence[Mention]) -> list[MeasureTerm]:
    """Find every place in a text that names a measure.

    Parameters
    ----------
    text
        Text in half-width and simplified characters.
    mentions
        The concepts that it mentions.

    Returns
    -------
    list of MeasureTerm
        In the order of the measures, not of the text.
    """
    found: list[MeasureTerm] = []
    for measure, pattern in _patterns_for(text):
        words = pattern.finditer(text)
        found += [MeasureTerm(measure, word.start(), word.end(), word[0].lower()) for word in words]
    of_concept = _measures_of_concepts()
    for mention in mentions:
        for measure in of_concept.get(mention.concept, ()):
            found.append(MeasureTerm(measure, mention.start, mention.end, mention.concept))
    order = {name: number for number, name in enumerate(measures())}
    return sorted(found, key=lambda term: order[term.measure.name])


def measure_label(measure: str, kind: str) -> Label:
    """Name what a number measures in both languages.

    Parameters
    ----------
    measure
        Name of the measure, empty if it is not known.
    kind
        Kind of the quantity.

    Examples
    --------
    >>> measure_label("processing", "share")
    Label(zh='加工占比', en='processing share')
    """
    if measure in measures() and kind in measures()[measure].kind_labels:
        return measures()[measure].kind_labels[kind]
    addition = _KIND_LABELS.get(kind, _NO_LABEL)
    if not measure:
        return Label(zh=addition.zh or kind, en=addition.en or kind)
    name = measures()[measure].label if measure in measures() else Label(zh=measure, en=measure)
    if kind == "count":
        return Label(zh=f"{name.zh}{addition.zh}", en=f"number of {name.en}")
    return Label(
        zh=name.zh if name.zh.endswith(addition.zh) else name.zh + addition.zh,
        en=name.en if name.en.endswith(addition.en) else f"{name.en} {addition.en}",
    )
