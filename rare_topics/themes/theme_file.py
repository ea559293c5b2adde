"""Themes as data: a TOML file of named groups of concepts, and themes made of frames."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from rare_topics.corpus.limits import decode, read_bytes
from rare_topics.errors import InputError
from rare_topics.themes.concept_signs import AGENT, DOER, MONEY, PARTNER, PLACE, SHARE, SOURCE, TARGET
from rare_topics.themes.frames import Frame

CASES = frozenset({DOER, AGENT, SOURCE, PARTNER, PLACE, TARGET})
ROLES = ("producer", "would-be producer", "processor", "transit", "buyer", "partner", "would-be self-supplier")
_LISTS = ("act", "object", "beside", "without", "anywhere", "nowhere", "who", "not_who")
_THEME_KEYS = frozenset({"id", "title_zh", "title_en", "question", "question_zh", "weight", "each", "frames"})
_FRAME_KEYS = frozenset({"says", *_LISTS, "needs", "cases", "implied", "clause", "reach", "weight", "role", "aspect"})


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A narrative: what it asks, and the frames that speak of it.

    Attributes
    ----------
    theme
        Identifier.
    title_zh, title_en, question, question_zh
        What it is about, in words.
    weight
        What its share of an article is multiplied by before its strength is told.
    each
        ``"country"`` where there is one theme for every country that acts in a frame.
    frames
        Ways in which a passage speaks of it.
    """

    theme: str
    title_zh: str
    title_en: str
    question: str
    question_zh: str
    weight: float
    each: str
    frames: tuple[Frame, ...]


class _File:
    """A theme file while it is read: its text answers where something stands."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.text = decode(read_bytes(path), name=path.name)
        try:
            self.content: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = f"{path.name}:{line[1]}" if line else f"{path.name}:{self.text.count(chr(10)) + 1}"
            raise InputError(f"no TOML ({error})", where=where, fix="mend the line") from error

    def fail(self, problem: str, *marks: str, fix: str) -> InputError:
        """Build the error for what stands at the last of several marks, each looked for behind the one before."""
        line, lines = 0, self.text.splitlines()
        for mark in marks:
            line = next((number for number in range(line, len(lines)) if mark in lines[number]), line)
        return InputError(problem, where=f"{self.name}:{line + 1}", fix=fix)


def read_themes(
    path: str | Path | None = None, *, concepts: Mapping[str, str], countries: Collection[str]
) -> tuple[Theme, ...]:
    """Read a theme file.

    Parameters
    ----------
    path
        A TOML file with a table ``groups`` (name to list of concepts) and an array ``themes``; its
        groups go beside the package's. None reads the themes of the package.
    concepts
        Known concepts and their categories.
    countries
        Known countries; ``@suppliers`` stands for all but those of the group ``not_suppliers``.

    Raises
    ------
    InputError
        If the file is no such file, or names something unknown; the message names the line.
    """
    own = Path(str(files("rare_topics") / "data" / "themes.toml"))
    package = _File(own)
    file = package if path is None else _File(Path(path))
    groups = _Groups(package, file, concepts=concepts, countries=countries)
    entries = file.content.get("themes")
    if not isinstance(entries, list) or not entries:
        raise file.fail("no theme", fix="begin each theme with [[themes]]")
    themes = tuple(_theme(entry, file, groups) for entry in entries)
    names = [theme.theme for theme in themes]
    for name in names:
        if names.count(name) > 1:
            raise file.fail(f"the theme '{name}' stands twice", f'"{name}"', fix="give each theme an id of its own")
    return themes


class _Groups:
    """Named sets of concepts, resolved to the concepts themselves."""

    def __init__(self, package: _File, file: _File, *, concepts: Mapping[str, str], countries: Collection[str]) -> None:
        self.concepts, self.file = concepts, file
        self.members: dict[str, Any] = {**package.content.get("groups", {}), **file.content.get("groups", {})}
        self.known: dict[str, frozenset[str]] = {}
        self.countries = frozenset(countries)

    def resolve(self, names: Any, *marks: str) -> frozenset[str]:  # noqa: ANN401 - whatever the file holds
        """Return the concepts of a list of names: concepts, ``@groups`` and ``category:`` names."""
        if isinstance(names, str):
            names = [names]
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.file.fail("no list of names", *marks, fix='write ["one", "two"]')
        return frozenset[str]().union(*(self._one(name, *marks) for name in names))

    def _one(self, name: str, *marks: str) -> frozenset[str]:
        if name.startswith("@"):
            return self._group(name[1:], *marks)
        if name.startswith("category:"):
            found = frozenset(c for c, category in self.concepts.items() if category == name.removeprefix("category:"))
            if not found:
                raise self.file.fail(f"no concept has the {name}", *marks, name, fix="take a category of the lexicon")
            return found
        if name not in self.concepts and name not in {SHARE, MONEY}:
            fix = "take a concept of the lexicon, or a group as @name"
            raise self.file.fail(f"unknown concept '{name}'", *marks, f'"{name}"', fix=fix)
        return frozenset({name})

    def _group(self, name: str, *marks: str) -> frozenset[str]:
        if name == "suppliers":
            return self.countries - self._group("not_suppliers", *marks)
        if name not in self.known:
            if name not in self.members:
                raise self.file.fail(f"unknown group '@{name}'", *marks, f'"@{name}"', fix="define it under [groups]")
            self.known[name] = frozenset()
            self.known[name] = self.resolve(self.members[name], "[groups]", f"{name} =")
        return self.known[name]


def _theme(entry: Any, file: _File, groups: _Groups) -> Theme:  # noqa: ANN401 - whatever the file holds
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str) or not entry["id"].strip():
        raise file.fail("a theme without id", "[[themes]]", fix='give it one: id = "name"')
    mark = f'"{entry["id"]}"'
    unknown = sorted(set(entry) - _THEME_KEYS)
    if unknown:
        raise file.fail(
            f"unknown key '{unknown[0]}'", mark, unknown[0], fix=f"take one of {', '.join(sorted(_THEME_KEYS))}"
        )
    frames = entry.get("frames")
    if not isinstance(frames, list) or not frames:
        raise file.fail(f"the theme {mark} has no frame", mark, fix="add a [[themes.frames]] with an act")
    return Theme(
        theme=entry["id"],
        title_zh=str(entry.get("title_zh", entry["id"])),
        title_en=str(entry.get("title_en", entry["id"])),
        question=str(entry.get("question", "")),
        question_zh=str(entry.get("question_zh", entry.get("question", ""))),
        weight=_number(entry.get("weight", 1.0), file, mark),
        each=str(entry.get("each", "")),
        frames=tuple(_frame(frame, file, groups, mark) for frame in frames),
    )


def _frame(entry: Any, file: _File, groups: _Groups, mark: str) -> Frame:  # noqa: ANN401 - whatever the file holds
    if not isinstance(entry, dict) or not entry.get("says") or not entry.get("act"):
        raise file.fail(f"a frame of {mark} without says or act", mark, "[[themes.frames]]", fix="fill in both")
    says = str(entry["says"])
    unknown = sorted(set(entry) - _FRAME_KEYS)
    if unknown:
        raise file.fail(
            f"unknown key '{unknown[0]}'", mark, says, unknown[0], fix=f"take one of {', '.join(sorted(_FRAME_KEYS))}"
        )
    cases = frozenset(entry.get("cases", [DOER]))
    role = entry.get("role", "")
    if not cases <= CASES or role not in {"", *ROLES}:
        known = f"cases are {', '.join(sorted(CASES))}; roles are {', '.join(ROLES)}"
        raise file.fail("an unknown case or role", mark, says, fix=known)
    lists = {key: groups.resolve(entry.get(key, []), mark, says) for key in _LISTS}
    return Frame(
        says=says,
        needs=tuple(groups.resolve(need, mark, says) for need in entry.get("needs", [])),
        cases=cases,
        implied=bool(entry.get("implied", False)),
        clause=bool(entry.get("clause", False)),
        reach=int(_number(entry.get("reach", 12), file, mark, says)),
        weight=_number(entry.get("weight", 1.0), file, mark, says),
        role=role,
        aspect=str(entry.get("aspect", "")),
        **lists,
    )


def _number(value: Any, file: _File, *marks: str) -> float:  # noqa: ANN401 - whatever the file holds
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value <= 0:
        raise file.fail(f"{value!r} is no positive number", *marks, fix="give a number above 0")
    return float(value)
