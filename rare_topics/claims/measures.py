"""What numbers measure, as the word list has it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

# What a kind of number adds to the name of what it measures, in both languages.
SUFFIX = {
    "share": ("share", "占比"), "percent change": ("change", "变化"), "mass": ("volume", "数量"),
    "rate": ("rate", "速率"),
    "money": ("sum", "金额"), "price": ("price", "价格"), "count": ("number", "数目"), "duration": ("time", "时间"),
    "ratio": ("multiple", "倍数"), "rank": ("rank", "排名"), "purity": ("", ""), "score": ("score", "得分"),
    "size": ("size", "规模"), "date": ("date", "日期"),
}  # fmt: skip


class Measure(NamedTuple):
    """Something that numbers measure, and how a text names it."""

    name: str
    label_zh: str
    concepts: frozenset[str]
    words: re.Pattern[str]
    kinds: frozenset[str]
    weight: float
    state: bool
    ignores: frozenset[str]
    said_zh: str
    said_en: str


@lru_cache(maxsize=1)
def measures() -> tuple[Measure, ...]:
    """Read the measures."""
    data = tomllib.loads((files("rare_topics") / "data" / "measures.toml").read_text("utf-8"))
    return tuple(
        Measure(
            name=entry["name"],
            label_zh=entry["label_zh"],
            concepts=frozenset(entry.get("concepts", ())),
            words=_pattern(entry.get("zh", ()), entry.get("en", ())),
            kinds=frozenset(entry["kinds"]),
            weight=float(entry.get("weight", 0)),
            state=bool(entry.get("state")),
            ignores=frozenset(entry.get("ignores", ())),
            said_zh=entry.get("said_zh", entry["label_zh"]),
            said_en=entry.get("said_en", entry["name"]),
        )
        for entry in data["measure"]
    )


def _pattern(zh: Sequence[str], en: Sequence[str]) -> re.Pattern[str]:
    """Match the words of either language, English ones whole; with no words nothing."""
    english = [rf"(?<![A-Za-z-])(?:{'|'.join(en)})(?![A-Za-z])"] if en else []
    return re.compile("|".join([*zh, *english]) or r"(?!)", re.IGNORECASE)


def name_of(measure: str, kind: str, lang: str = "en") -> str:
    """Name what is measured in a language: ``processing share``."""
    suffix = SUFFIX.get(kind, ("", ""))[lang == "zh"]
    known = next((entry for entry in measures() if entry.name == measure), None)
    base = measure if lang == "en" or known is None else known.label_zh
    if not base:
        return suffix or kind
    if lang == "zh":
        return base if base.endswith(suffix) else base + suffix
    return base if base.endswith(suffix) else f"{base} {suffix}"
