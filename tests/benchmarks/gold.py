"""How far the package agrees with careful readers: a Markdown table of one figure for each question.

    python tests/benchmarks/gold.py [--show] [--role-encoder]

Four sets are read: the 34 articles of ``seeds/``, 24 invented ones, 20 of varied syntax by an author who did
not know the rules, and 20 that nothing has been learned from; what the files hold says ``tests/gold/README.md``.
``--show`` lists what is wrong and what is missed. What a reader marked as uncertain counts neither
way, nor do blocs of countries.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import rare_topics as rt
from rare_topics.themes import ThemeFinder

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT / "tests" / "gold"
# Kept apart from the others, which the package learns from.
FOLDERS = {**{name: GOLD / name for name in ("seeds", "invented", "varied")}, "held out": GOLD.parent / "gold_held_out"}
HOME = {"china", "usa", "taiwan", "hong_kong"}
BLOCS = {"eu", "europe"}
SUPPLY_GROUPS = ("running", "coming", "buyer", "transit")
DATED = ("tightened", "eased")
# Themes of the readers by their name here; those of suppliers carry their country.
THEMES = {
    "us_dependence": "us_dependence",
    "chinese_controls": "chinese_controls",
    "china_processing_dominance": "processing_dominance",
    "technology_talent_gap": "technology_gap",
    "military_demand": "military_demand",
    "us_rebuild_investment": "us_rebuild",
    "smuggling_grey_channels": "smuggling",
    "trade_talks": "trade_talks",
    "allied_coalition": "allied_coalition",
}
SUPPLIERS = (
    "australia", "russia", "pakistan", "greenland", "turkey", "india", "malaysia", "ukraine", "mongolia", "brazil",
    "vietnam", "kazakhstan", "canada", "norway", "saudi_arabia",
)  # fmt: skip
Key = tuple[str, ...]


class GoldSet:
    """One set of articles with what readers found, and a study of them."""

    def __init__(self, name: str, *, show: bool) -> None:
        self.folder = FOLDERS[name]
        self.show = show
        pages = ROOT / "seeds" if name == "seeds" else self.folder / "pages"
        self.study = rt.Study(random_state=0).fit(rt.read_pages(pages))
        id_of_title = {article.title: article.article_id for article in self.study.corpus}
        self.article_ids = {row["id"]: id_of_title[row["title"]] for row in self.rows("articles")}
        self.names = {article_id: name for name, article_id in self.article_ids.items()}

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        for line in (self.folder / f"{name}.jsonl").read_text("utf-8").splitlines():
            yield json.loads(line)

    def say(self, what: str, items: Collection[Any]) -> None:
        if self.show and items:
            print(f"<!-- {what}: {sorted(map(str, items))} -->")


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def supply_group(role: str, status: str) -> str:
    if role != "supplier":
        return role
    return {"running": "running", "denied": "denied"}.get(status, "coming")


def suppliers(gold: GoldSet, *, role_encoder: bool = False) -> str:
    """Precision and recall of who supplies, is to supply, buys and passes on."""
    themes = ThemeFinder(role_encoder=True).find_themes(gold.study.corpus) if role_encoder else gold.study.themes
    table = themes.suppliers
    found = {
        (gold.names[row.article_id], row.country, supply_group(row.role, row.status))
        for row in table.itertuples()
        if row.country not in HOME | BLOCS
    }
    accepted: set[Key] = set()
    wanted: dict[Key, set[Key]] = {}
    for row in gold.rows("suppliers"):
        if row.get("bloc"):
            continue
        place = row["article"], row["country"]
        if row["role"] == "none":
            accepted |= set() if row["certain"] else {(*place, group) for group in SUPPLY_GROUPS}
            continue
        keys = [(*place, supply_group(row["role"], status)) for status in (row["status"], *row.get("also", []))]
        accepted |= set(keys)
        if row["certain"] and keys[0][2] in SUPPLY_GROUPS:
            wanted[keys[0]] = set(keys)
    missed = {key for key, keys in wanted.items() if not keys & found}
    wrong = {key for key in found if key[2] in SUPPLY_GROUPS and key not in accepted}
    gold.say("suppliers wrong", wrong)
    gold.say("suppliers missed", missed)
    n_right = len(wanted) - len(missed)
    return f"{n_right / (n_right + len(wrong)):.2f} / {n_right / len(wanted):.2f}"


def events(gold: GoldSet) -> str:
    """F1 of tightened and eased by month, and of every direction."""
    table = gold.study.themes.events
    found = {(gold.names[row.article_id], row.direction, row.date) for row in table.itertuples()}
    acts = list(gold.rows("events"))

    def fits(key: Key, act: Mapping[str, Any], *, by_month: bool) -> bool:
        article, direction, date = key
        if article != act["article"] or direction not in {act["direction"], *act.get("direction_also", [])}:
            return False
        dates = (act["date"] or "", *act.get("date_also", []))
        is_dated = by_month and direction in DATED
        return not is_dated or any(date.startswith(one[:7]) if one else not date for one in dates)

    def score(*, by_month: bool) -> float:
        keys = {
            (article, direction, date[:7] if by_month else "")
            for article, direction, date in found
            if not by_month or direction in DATED
        }
        certain = [act for act in acts if act["certain"]]
        wanted = {
            (act["article"], act["direction"], (act["date"] or "")[:7] if by_month else ""): act
            for act in certain
            if not by_month or act["direction"] in DATED
        }
        right = sum(any(fits(key, act, by_month=by_month) for act in certain) for key in keys)
        wrong = [key for key in keys if not any(fits(key, act, by_month=by_month) for act in acts)]
        missed = [key for key, act in wanted.items() if not any(fits(one, act, by_month=by_month) for one in found)]
        gold.say("events wrong", wrong)
        gold.say("events missed", missed)
        return f1(right / max(1, right + len(wrong)), 1 - len(missed) / len(wanted))

    return f"{score(by_month=True):.2f} / {score(by_month=False):.2f}"


def themes(gold: GoldSet) -> str:
    """Macro-F1 of strength 2 and more; what readers call in passing counts neither way."""
    strengths = {(row.article_id, row.theme): row.strength for row in gold.study.themes.table.itertuples()}
    marks = {(row["id"], one["theme"]): one["strength"] for row in gold.rows("themes") for one in row["themes"]}
    names = dict(THEMES)
    names |= {f"alt_supplier:{country}": f"alt_supplier_{country}" for country in SUPPLIERS}
    scores = {}
    for theme, name in names.items():
        pairs = [
            (marks.get((article, theme), 0), strengths.get((article_id, name), 0) >= 2)
            for article, article_id in gold.article_ids.items()
        ]
        right = sum(mark >= 2 and found for mark, found in pairs)
        wrong = sum(mark == 0 and found for mark, found in pairs)
        missed = sum(mark >= 2 and not found for mark, found in pairs)
        if right + missed:
            scores[theme] = 2 * right / (2 * right + wrong + missed)
    gold.say("themes", {name: round(value, 2) for name, value in scores.items()}.items())
    return f"{sum(scores.values()) / len(scores):.2f}"


def numbers(gold: GoldSet) -> str:
    """How many of the numbers that matter are found with the right value."""
    values: dict[str, list[float]] = {}
    for row in gold.study.claims.table.itertuples():
        values.setdefault(row.article_id, []).append(float(row.value))
    core = [row for row in gold.rows("claims") if row["core"] and row["value"] is not None]

    def is_found(row: Mapping[str, Any]) -> bool:
        wanted = float(row["value"])
        factors = (1, 100) if row["kind"] in {"share", "percent_change"} else (1,)
        near = values.get(gold.article_ids[row["article"]], [])
        return any(abs(value * factor - wanted) <= 1e-6 * max(1, abs(wanted)) for value in near for factor in factors)

    missed = [row["claim_id"] for row in core if not is_found(row)]
    gold.say("numbers missed", missed)
    return f"{len(core) - len(missed)} of {len(core)}"


def clusters(gold: GoldSet) -> str:
    """Adjusted Rand index with the nearer of two partitions of readers."""
    from sklearn.metrics import adjusted_rand_score

    table = gold.study.clusters
    label_of = dict(zip(table["article_id"], table["cluster"], strict=True))
    found = [label_of[article_id] for article_id in gold.article_ids.values()]
    partitions = json.loads((gold.folder / "clusters.json").read_text("utf-8"))
    best = 0.0
    for name in ("cluster_A", "cluster_B"):
        reader = {article: cluster for cluster, articles in partitions[name].items() for article in articles}
        best = max(best, float(adjusted_rand_score([reader[article] for article in gold.article_ids], found)))
    return f"{best:.2f}"


def similarity(gold: GoldSet) -> str:
    """Rank correlation of the similarity of pairs with readers', across and within languages."""
    from scipy.stats import spearmanr

    of_pair = {}
    for row in gold.study.similar.itertuples():
        of_pair[row.article_id, row.other_id] = of_pair[row.other_id, row.article_id] = row.similarity
    pairs = list(gold.rows("pairs"))

    def correlation(*, across: bool) -> float:
        chosen = [pair for pair in pairs if pair["cross_language"] == across]
        ids = [(gold.article_ids[pair["a"]], gold.article_ids[pair["b"]]) for pair in chosen]
        return float(spearmanr([pair["similarity"] for pair in chosen], [of_pair[one] for one in ids])[0])

    return f"{correlation(across=True):.2f} / {correlation(across=False):.2f}"


QUESTIONS: dict[str, Callable[[GoldSet], str]] = {
    "suppliers: precision / recall": suppliers,
    "events: F1 by month / of every direction": events,
    "themes, macro-F1": themes,
    "numbers found with the right value": numbers,
    "clusters, ARI with a reader's": clusters,
    "similarity, Spearman across / within languages": similarity,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=re.split(r"\n\n", __doc__ or "")[0])
    parser.add_argument("--show", action="store_true", help="list what is wrong and what is missed")
    parser.add_argument("--role-encoder", action="store_true", help="read suppliers with the second reader as well")
    arguments = parser.parse_args()
    questions = dict(QUESTIONS)
    if arguments.role_encoder:
        questions["suppliers, with the encoder"] = partial(suppliers, role_encoder=True)
    sets = {name: GoldSet(name, show=arguments.show) for name in FOLDERS}
    print(f"| | {' | '.join(sets)} |")
    print("|---|" + "---|" * len(sets))
    for question, ask in questions.items():
        print(f"| {question} | {' | '.join(ask(gold) for gold in sets.values())} |")


if __name__ == "__main__":
    main()
