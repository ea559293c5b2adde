"""What adding articles has changed: articles, topics and clusters, each with the articles that did it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rare_topics.cluster import UNPLACED
from rare_topics.corpus.corpus import Corpus
from rare_topics.study.changes import Groups, changes
from rare_topics.study.start import digest

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.study.steps import Study

ARTICLES = ("article_id", "change", "repeats", "cluster", "topic", "title")
GROUPS = ("number", "change", "other", "label_zh", "label_en", "n_before", "n_articles", "joined", "left")
SHARES = ("share_before", "share")
MOST_NAMED = 6


@dataclass(frozen=True, kw_only=True)
class Diff:
    """What `Study.add` has changed.

    Attributes
    ----------
    rows : dict of str to list of dict
        Rows of the tables `articles`, `topics` and `clusters`.
    refitted : bool
        Whether all was fitted again, because new articles no longer fit.
    """

    rows: dict[str, list[dict[str, Any]]]
    refitted: bool

    @classmethod
    def between(cls, before: Study, after: Study, arrivals: Corpus) -> Diff:
        """Compare a study with what became of it when articles arrived."""
        shares = [dict(zip(study.topics["topic"], study.topics["share"], strict=True)) for study in (before, after)]
        topics = list(_group_rows(before, after, "topic"))
        for row in topics:
            row |= {name: float(share.get(row["number"], 0.0)) for name, share in zip(SHARES, shares, strict=True)}
        rows = {
            "articles": list(_article_rows(before, after, arrivals)),
            "topics": topics,
            "clusters": list(_group_rows(before, after, "cluster")),
        }
        return cls(rows=rows, refitted=after.refitted)

    @property
    def articles(self) -> pd.DataFrame:
        """Articles that arrived: ``new``, ``updated`` (a fuller text) or ``known``, and what they repeat."""
        return self._table("articles", ARTICLES)

    @property
    def topics(self) -> pd.DataFrame:
        """Topics by number, an article being in the topic it holds most of; see `clusters`."""
        return self._table("topics", (*GROUPS, *SHARES))

    @property
    def clusters(self) -> pd.DataFrame:
        """Clusters by number: what became of them, and which articles joined and left."""
        return self._table("clusters", GROUPS)

    def lines(self) -> Iterator[str]:
        """Say in a few lines what has changed.

        Yields
        ------
        str
            One statement.
        """
        counts = self.articles["change"].value_counts()
        repeated = int((self.articles["repeats"] != "").sum()) if counts.size else 0
        told = ", ".join(f"{counts[change]} {change}" for change in ("new", "updated", "known") if change in counts)
        yield f"articles: {told or 'none'}" + (f"; {repeated} tell a story that was told before" if repeated else "")
        for kind in ("topic", "cluster"):
            for row in self.rows[f"{kind}s"]:
                if row["change"] != "same":
                    yield _line(kind, row)
        if self.refitted:
            yield "all was fitted again, because new articles no longer fit"

    def _table(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(self.rows[name], columns=list(columns))

    def _repr_html_(self) -> str:
        import pandas as pd

        with pd.option_context("display.max_colwidth", None):
            return "".join(
                f"<h4>{name}</h4>{table.to_html(index=False, escape=True)}"
                for name, table in (("articles", self.articles), ("topics", self.topics), ("clusters", self.clusters))
            )


def _article_rows(before: Study, after: Study, arrivals: Corpus) -> Iterator[dict[str, Any]]:
    known = {article.article_id: digest(article) for article in before.corpus}
    now = {article.article_id: digest(article) for article in after.corpus}
    repeats = dict(zip(after.repeats["article_id"], after.repeats["first_id"], strict=True))
    homes = {kind: _home_of_each(_groups(after, kind)) for kind in ("cluster", "topic")}
    for article in arrivals:
        name = article.article_id
        change = "new" if name not in known else "updated" if known[name] != now[name] else "known"
        yield {
            "article_id": name,
            "change": change,
            "repeats": repeats.get(name, ""),
            **{kind: home.get(name, UNPLACED) for kind, home in homes.items()},
            "title": article.title,
        }


def _group_rows(before: Study, after: Study, kind: str) -> Iterator[dict[str, Any]]:
    old, new = _groups(before, kind), _groups(after, kind)
    names = {**_names(before, kind), **_names(after, kind)}
    for change in changes(old, new):
        zh, en = names.get(change.group, ("", ""))
        yield {
            "number": change.group,
            "change": change.change,
            "other": change.other,
            "label_zh": zh,
            "label_en": en,
            "n_before": len(old.get(change.group, ())),
            "n_articles": len(new.get(change.group, ())),
            "joined": "; ".join(change.joined),
            "left": "; ".join(change.left),
        }


def _groups(study: Study, kind: str) -> Groups:
    """Return the articles of each cluster, or of each topic those that hold most of it."""
    numbers = study.labels.tolist()
    if kind == "topic":
        numbers = [study.topic_ids[column] for column in study.doc_topic.argmax(axis=1)]
    groups: dict[int, set[str]] = {}
    for article, number in zip(study.corpus, numbers, strict=True):
        if number != UNPLACED:
            groups.setdefault(number, set()).add(article.article_id)
    return {number: frozenset(members) for number, members in groups.items()}


def _home_of_each(groups: Groups) -> dict[str, int]:
    return {article: number for number, members in groups.items() for article in members}


def _names(study: Study, kind: str) -> dict[int, tuple[str, str]]:
    table = study.topics if kind == "topic" else study.clusters
    return dict(zip(table[kind], zip(table["label_zh"], table["label_en"], strict=True), strict=True))


def _line(kind: str, row: dict[str, Any]) -> str:
    articles = [name for cell in (row["joined"], row["left"]) if cell for name in cell.split("; ")]
    more = f" and {len(articles) - MOST_NAMED} more" if len(articles) > MOST_NAMED else ""
    became = {"split": f"split off from {row['other']}", "merged": f"merged into {row['other']}"}
    return (
        f"{kind} {row['number']} ({row['label_zh']} / {row['label_en']}) {became.get(row['change'], row['change'])}: "
        f"{row['n_before']} -> {row['n_articles']} articles, by {', '.join(articles[:MOST_NAMED])}{more}"
    )
