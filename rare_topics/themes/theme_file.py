"""Themes as data: a TOML file of named groups of concepts, and themes made of frames."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rare_topics.clauses.counted import DURATION, LARGE_SHARE
from rare_topics.clauses.passage_reader import AGENT, DOER, MONEY, PARTNER, PLACE, SHARE, SOURCE, TARGET
from rare_topics.corpus.languages import LANGUAGES, Label
from rare_topics.corpus.limits import decode_text, read_bytes
from rare_topics.errors import UNPRINTABLE, InputError, shown_in_line
from rare_topics.themes.frames import DEFAULT_REACH, Frame
from rare_topics.themes.supply_domain import SupplyDomain
from rare_topics.themes.supply_facts import ROLES, SELF_SUPPLIER, SUPPLIER

CASES = frozenset({DOER, AGENT, SOURCE, PARTNER, PLACE, TARGET})
# What a country is to the supply, where a frame says so; in the order of ``suppliers.csv``.
COUNTRY_ROLES = ROLES
# Those that make a country a supplier, or one that would be.
SUPPLYING_ROLES = frozenset({SUPPLIER, SELF_SUPPLIER})
# Questions of the figures and the report that a theme may answer: who depends on whom, what the controls did and
# when, who could supply instead, what is bargained for.
THEME_ROLES = ("dependence", "controls", "suppliers", "talks")
# Bounds of what a file may say: far beyond use, and such that neither time nor sums run away.
MAX_REACH = 1000
MAX_WEIGHT = 1e6
MAX_FRAME_WEIGHT = 1.0
MAX_NAME_LENGTH = 100
MAX_TEXT_LENGTH = 2000
# Numbers up to this are quoted in messages.
MAX_SHOWN_NUMBER = 10**15
_THEME_TEXTS = frozenset(
    ("title_zh", "title_en", "question", "question_zh", "figure_title_zh", "figure_title_en", "role", "country")
)
_CONCEPT_SETS = ("act", "object", "beside", "without", "anywhere", "nowhere", "who", "not_who")
_THEME_KEYS = frozenset(
    ("id", "title_zh", "title_en", "question", "question_zh", "figure_title_zh", "figure_title_en", "weight", "each")
) | {"country", "controller", "role", "aspects", "frames"}
_FRAME_KEYS = frozenset(
    {"says", *_CONCEPT_SETS, "needs", "cases", "implied", "clause", "clear", "reach", "weight", "role", "aspect"}
)


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A narrative: what it asks, and the frames that speak of it.

    Attributes
    ----------
    name
        Its ``id`` in the theme file.
    title, question, figure_title
        What it is, what it asks, and the title of a figure of its aspects, in both languages.
    weight
        Factor of its scores when its strength is computed.
    per_country
        Whether there is one theme for every country that acts in a frame.
    country
        Country that it is about, where it is about one supplier; else empty.
    controller
        Country whose acts of control the theme is about; else empty.
    role
        One of `THEME_ROLES`, or empty.
    aspect_labels
        Its aspects in the order in which figures show them.
    frames
        Ways in which a passage speaks of it.
    """

    name: str
    title: Label
    question: Label
    figure_title: Label
    weight: float
    per_country: bool
    country: str
    controller: str
    role: str
    aspect_labels: Mapping[str, Label]
    frames: tuple[Frame, ...]

    @property
    def is_stated(self) -> bool:
        """Whether clauses can state it: that somebody supplies, or controls."""
        return self.role == "suppliers" or bool(self.controller)

    def name_of(self, country: str) -> str:
        """Return the name in the tables; of a theme per country with that country."""
        return f"{self.name}_{country}" if self.per_country else self.name

    def country_of(self, name: str) -> str:
        """Return the country that a theme with this name in the tables is about, or an empty name."""
        return name.removeprefix(self.name_of("")) if self.per_country else self.country


def read_themes(
    path: str | Path | None = None, *, concepts: Mapping[str, str], countries: Collection[str]
) -> tuple[Theme, ...]:
    """Read a theme file.

    Parameters
    ----------
    path
        A TOML file with a table ``groups`` (name to list of concepts) and an array ``themes``; its
        groups go beside the package's. None reads the themes of the package, whose head explains
        the format.
    concepts
        Known concepts and their categories.
    countries
        Known countries; ``@suppliers`` stands for all but those of the group ``not_suppliers``.

    Returns
    -------
    tuple of Theme
        In the order of the file.

    Raises
    ------
    InputError
        If the file is no such file, or names something unknown; the message names the line.
    """
    package_file = _package_file()
    file = package_file if path is None else _ThemeFile(Path(path))
    groups = _ConceptGroups(package_file, file, concepts=concepts, countries=countries)
    entries = file.content.get("themes")
    if not isinstance(entries, list) or not entries:
        raise file.error("no theme", fix="begin each theme with [[themes]]")
    try:
        themes = tuple(_read_theme(entry, file, groups) for entry in entries)
    except RecursionError as error:
        raise file.error("groups within groups too deep", "[groups]", fix="name the concepts themselves") from error
    for name, count in Counter(theme.name for theme in themes).items():
        if count > 1:
            raise file.error(f"the theme '{name}' stands twice", f'"{name}"', fix="give each theme an id of its own")
    return themes


def read_supply_domain(*, concepts: Mapping[str, str], countries: Collection[str]) -> SupplyDomain:
    """Return what the package's theme file counts as goods of the trade.

    Parameters
    ----------
    concepts
        Known concepts and their categories.
    countries
        Known countries.
    """
    file = _package_file()
    groups = _ConceptGroups(file, file, concepts=concepts, countries=countries)
    goods = groups.resolve(["@trade_goods"])
    return SupplyDomain(
        goods=goods,
        other_goods=groups.resolve(["@foreign_goods"]) - goods,
        companies=groups.resolve(["@miners"]),
        countries=groups.resolve(["@suppliers", "eu", "europe"]),
        home=groups.resolve(["@not_suppliers"]),
    )


class _ThemeFile:
    """A theme file, parsed, with its text to find the line of an error."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.text = decode_text(read_bytes(path), name=path.name)
        try:
            self.content: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = f"{path.name}:{line[1]}" if line else f"{path.name}:{self.text.count(chr(10)) + 1}"
            raise InputError(f"no TOML ({error})", where=where, fix="mend the line") from error
        except (ValueError, RecursionError) as error:
            problem = "brackets nested too deep" if isinstance(error, RecursionError) else str(error)
            raise InputError(f"no TOML ({problem})", where=path.name, fix="mend the file") from error
        if not isinstance(self.content.get("groups", {}), dict):
            raise self.error("groups are no table", "groups", fix="write them under [groups]")

    def error(self, problem: str, *marks: str, fix: str) -> InputError:
        """Return the error for a line of the file.

        Parameters
        ----------
        problem, fix
            As in `InputError`.
        marks
            Texts of which each is looked for from the line of the one before; the last one's line counts.
        """
        line, lines = 0, self.text.splitlines()
        for mark in marks:
            line = next((number for number in range(line, len(lines)) if mark in lines[number]), line)
        return InputError(problem, where=f"{self.name}:{line + 1}", fix=fix)


@lru_cache(maxsize=1)
def _package_file() -> _ThemeFile:
    return _ThemeFile(Path(str(files("rare_topics") / "data" / "themes.toml")))


class _ConceptGroups:
    """Named sets of concepts, resolved to the concepts themselves."""

    def __init__(
        self, package_file: _ThemeFile, file: _ThemeFile, *, concepts: Mapping[str, str], countries: Collection[str]
    ) -> None:
        self.concepts = concepts
        self.countries = frozenset(countries)
        self.file = file
        self._members: dict[str, Any] = {**package_file.content.get("groups", {}), **file.content.get("groups", {})}
        self._resolved: dict[str, frozenset[str]] = {}

    def resolve(self, names: Any, *marks: str) -> frozenset[str]:  # noqa: ANN401 - whatever the file holds
        """Return the concepts of a list of names: concepts, ``@groups`` and ``category:`` names."""
        if isinstance(names, str):
            names = [names]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.file.error("no list of names", *marks, fix='write ["one", "two"]')
        return frozenset[str]().union(*(self._resolve_one(name, *marks) for name in names))

    def _resolve_one(self, name: str, *marks: str) -> frozenset[str]:
        if name.startswith("@"):
            return self._resolve_group(name[1:], *marks)
        if name.startswith("category:"):
            category = name.removeprefix("category:")
            concepts = frozenset(concept for concept, known in self.concepts.items() if known == category)
            if not concepts:
                raise self.file.error(f"no concept has the {name}", *marks, name, fix="take a category of the lexicon")
            return concepts
        if name not in self.concepts and name not in {SHARE, LARGE_SHARE, MONEY, DURATION}:
            fix = "take a concept of the lexicon, or a group as @name"
            raise self.file.error(f"unknown concept '{name}'", *marks, f'"{name}"', fix=fix)
        return frozenset({name})

    def _resolve_group(self, name: str, *marks: str) -> frozenset[str]:
        if name == "suppliers":
            return self.countries - self._resolve_group("not_suppliers", *marks)
        if name not in self._resolved:
            if name not in self._members:
                raise self.file.error(f"unknown group '@{name}'", *marks, f'"@{name}"', fix="define it under [groups]")
            # Empty while it is resolved, so that a group that contains itself ends.
            self._resolved[name] = frozenset()
            self._resolved[name] = self.resolve(self._members[name], "[groups]", f"{name} =")
        return self._resolved[name]


def _read_theme(entry: Any, file: _ThemeFile, groups: _ConceptGroups) -> Theme:  # noqa: ANN401 - whatever the file holds
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"].strip():
        raise file.error("a theme without id", "[[themes]]", fix='give it one: id = "name"')
    name = entry["id"]
    if len(name) > MAX_NAME_LENGTH or UNPRINTABLE.search(name) or len(name.splitlines()) > 1:
        fix = f"take a plain name of at most {MAX_NAME_LENGTH} characters"
        raise file.error("an id that is no name", "[[themes]]", fix=fix)
    mark = f'"{name}"'
    _check_keys(entry, _THEME_KEYS, file, mark)
    for key in _THEME_TEXTS & entry.keys():
        _check_text(entry[key], key, file, mark)
    frame_entries = entry.get("frames")
    if not isinstance(frame_entries, list) or not frame_entries:
        raise file.error(f"the theme {mark} has no frame", mark, fix="add a [[themes.frames]] with an act")
    frames = tuple(_read_frame(frame, file, groups, mark) for frame in frame_entries)
    title = Label(zh=str(entry.get("title_zh", name)), en=str(entry.get("title_en", name)))
    question = str(entry.get("question", ""))
    role, country = _read_role(entry, file, groups, mark)
    return Theme(
        name=name,
        title=title,
        question=Label(zh=str(entry.get("question_zh", question)), en=question),
        figure_title=Label(
            zh=str(entry.get("figure_title_zh", title.zh)), en=str(entry.get("figure_title_en", title.en))
        ),
        weight=_number(entry.get("weight", 1.0), file, mark, most=MAX_WEIGHT),
        per_country=bool(entry.get("each")),
        country=country,
        controller=str(entry.get("controller", "")),
        role=role,
        aspect_labels=_read_aspects(entry.get("aspects", {}), frames, file, mark),
        frames=frames,
    )


def _read_role(entry: dict[str, Any], file: _ThemeFile, groups: _ConceptGroups, mark: str) -> tuple[str, str]:
    """Return the role of a theme and the one country that it is about, each empty where there is none."""
    role, country = str(entry.get("role", "")), str(entry.get("country", ""))
    if entry.get("each", "country") != "country":
        each = entry["each"] if isinstance(entry["each"], str) else "thing of another kind"
        raise file.error(
            f"a theme for each {shown_in_line(each, max_length=60)}", mark, "each", fix='write each = "country"'
        )
    if role and role not in THEME_ROLES:
        raise file.error(f"unknown role '{role}'", mark, "role", fix=f"take one of {', '.join(THEME_ROLES)}")
    if country and country not in groups.countries:
        raise file.error(f"unknown country '{country}'", mark, "country", fix="take a country of the lexicon")
    if role == "suppliers" and not (country or entry.get("each")):
        fix = 'say which: country = "australia", or each = "country"'
        raise file.error(f"the suppliers of {mark} have no country", mark, fix=fix)
    return role, country


def _read_aspects(entries: Any, frames: Iterable[Frame], file: _ThemeFile, mark: str) -> dict[str, Label]:  # noqa: ANN401 - whatever the file holds
    """Return the labels of the declared aspects, then those of other aspects of frames, which label themselves."""
    if not isinstance(entries, dict):
        raise file.error("aspects are no table", mark, "aspects", fix="write them under [themes.aspects]")
    labels = {}
    for name, names in entries.items():
        if not isinstance(names, dict) or not all(isinstance(names.get(lang), str) for lang in LANGUAGES):
            fix = f'write {name} = {{ zh = "…", en = "…" }}'
            raise file.error(f"the aspect '{name}' lacks a label", mark, "aspects", name, fix=fix)
        for text in (name, *(names[lang] for lang in LANGUAGES)):
            _check_text(text, "an aspect", file, mark)
        labels[name] = Label(zh=names["zh"], en=names["en"])
    for frame in frames:
        if frame.aspect:
            labels.setdefault(frame.aspect, Label(zh=frame.aspect, en=frame.aspect))
    return labels


def _read_frame(entry: Any, file: _ThemeFile, groups: _ConceptGroups, mark: str) -> Frame:  # noqa: ANN401 - whatever the file holds
    if not isinstance(entry, dict) or not entry.get("says") or not entry.get("act"):
        raise file.error(f"a frame of {mark} without says or act", mark, "[[themes.frames]]", fix="fill in both")
    says = _check_text(entry["says"], "says", file, mark)
    _check_keys(entry, _FRAME_KEYS, file, mark, says)
    for key in ("role", "aspect"):
        _check_text(entry.get(key, ""), key, file, mark, says)
    for key in ("implied", "clause"):
        if not isinstance(entry.get(key, False), bool):
            raise file.error(f"{key} is neither true nor false", mark, says, fix=f"write {key} = true")
    cases_given, needs = entry.get("cases", [DOER]), entry.get("needs", [])
    if not isinstance(cases_given, list) or not all(isinstance(case, str) for case in cases_given):
        raise file.error("cases are no list of names", mark, says, fix='write cases = ["doer"]')
    if not isinstance(needs, list):
        raise file.error("needs are no list", mark, says, fix='write needs = [["one"], ["two"]]')
    cases, role = frozenset(cases_given), entry.get("role", "")
    if not cases <= CASES or role not in {"", *COUNTRY_ROLES}:
        known = f"cases are {', '.join(sorted(CASES))}; roles are {', '.join(COUNTRY_ROLES)}"
        raise file.error("an unknown case or role", mark, says, fix=known)
    concept_sets = {key: groups.resolve(entry.get(key, []), mark, says) for key in _CONCEPT_SETS}
    return Frame(
        says=says,
        needs=tuple(groups.resolve(need, mark, says) for need in needs),
        cases=cases,
        implied=bool(entry.get("implied", False)),
        clear=bool(entry.get("clear", False)),
        clause=bool(entry.get("clause", False)),
        reach=int(_number(entry.get("reach", DEFAULT_REACH), file, mark, says, least=1, most=MAX_REACH)),
        weight=_number(entry.get("weight", 1.0), file, mark, says, most=MAX_FRAME_WEIGHT),
        role=role,
        aspect=str(entry.get("aspect", "")),
        **concept_sets,
    )


def _check_keys(entry: dict[str, Any], known: Collection[str], file: _ThemeFile, *marks: str) -> None:
    unknown = sorted(set(entry) - set(known))
    if unknown:
        fix = f"take one of {', '.join(sorted(known))}"
        raise file.error(f"unknown key '{shown_in_line(unknown[0], max_length=60)}'", *marks, unknown[0], fix=fix)


def _check_text(value: Any, key: str, file: _ThemeFile, *marks: str) -> str:  # noqa: ANN401 - whatever the file holds
    """Return a value that is a text which can be shown."""
    if not isinstance(value, str):
        raise file.error(f"{key} is no text", *marks, fix=f'write {key} = "…"')
    if len(value) > MAX_TEXT_LENGTH or UNPRINTABLE.search(value):
        fix = f"write at most {MAX_TEXT_LENGTH} characters that can be printed"
        raise file.error(f"{key} is too long or holds characters that must not be printed", *marks, fix=fix)
    return value


def _number(value: Any, file: _ThemeFile, *marks: str, most: float, least: float = 0) -> float:  # noqa: ANN401 - whatever the file holds
    """Return a number above 0, from `least` to `most`; NaN is none."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise file.error("no number where one must stand", *marks, fix=f"give a number above 0 and up to {most:g}")
    if not (value > 0 and least <= value <= most):
        shown = f"{value:g}" if isinstance(value, float) or abs(value) < MAX_SHOWN_NUMBER else "a huge number"
        bounds = f"from {least:g}" if least else "above 0 and"
        raise file.error(
            f"{shown} is no positive number in bounds", *marks, fix=f"give a number {bounds} up to {most:g}"
        )
    return float(value)
