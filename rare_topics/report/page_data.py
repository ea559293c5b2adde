"""A study as plain values, ready for JSON: all that the page knows."""

from __future__ import annotations

from collections import defaultdict
from math import isnan
from typing import TYPE_CHECKING, Any

from rare_topics.claims.number_wording import number_wording
from rare_topics.claims.verdicts import CONTRADICTS_PUBLICATION
from rare_topics.claims.wording import subject_wording, thing_label
from rare_topics.corpus.languages import LANGUAGES, Label
from rare_topics.corpus.wording import date_wording, source_label
from rare_topics.figures.corpus_topics import articles_by_month
from rare_topics.figures.wording import listing
from rare_topics.report.anchors import Anchors
from rare_topics.report.messages import message
from rare_topics.report.search_index import search_index
from rare_topics.study.provenance import manifest
from rare_topics.themes.supply_facts import SUPPLIER

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.claims import Claim
    from rare_topics.corpus.records import Article
    from rare_topics.lexicon import Lexicon
    from rare_topics.study import Study

N_SIMILAR = 5
# Entries of the manifest that differ between two equal runs, or that the page shows elsewhere.
OMITTED_FROM_MANIFEST = frozenset({"seconds", "near_duplicates"})
CLAIM_COLUMNS = [
    "claim_id",
    "article_id",
    "printed",
    "value",
    "value_high",
    "unit",
    "kind",
    "qualifier",
    "tense",
]
# Verdicts that leave a question open, the gravest first; the others are agreements.
OPEN_VERDICTS = (
    "contradict", "implausible", "differ", "differ by definition", "differ by date", "contradicts publication",
)  # fmt: skip


def page_data(study: Study) -> dict[str, Any]:
    """Collect what the page shows.

    Parameters
    ----------
    study
        A fitted study.

    Returns
    -------
    dict
        Ready for JSON, the same for equal studies; offsets count UTF-16 units.
    """
    anchors = Anchors(study.corpus)
    return {
        "articles": article_rows(study),
        "topics": table_rows(study.topics),
        "topic_terms": topic_term_rows(study),
        "clusters": cluster_rows(study),
        "months": list(dict.fromkeys(month for month in articles_by_month.table(study)["month"] if month)),
        "themes": theme_rows(study),
        "evidence": evidence_by_article(study, anchors),
        "acts": act_rows(study, anchors),
        "suppliers": supplier_rows(study, anchors),
        "claims": claim_rows(study, anchors),
        "disagreements": disagreement_rows(study),
        "n_uncovered": study.themes.n_uncovered,
        "search": search_index(study),
        "manifest": shown_manifest(study),
    }


def article_rows(study: Study) -> list[dict[str, Any]]:
    """List the articles with their text, coordinates, cluster, topics and most similar articles."""
    topics: dict[str, list[list[float]]] = defaultdict(list)
    for article_id, topic, weight in study.article_topics.to_numpy().tolist():
        topics[article_id].append([topic, weight])
    similar = _similar_articles(study)
    return [
        {
            **_article_fields(article),
            "x": point.x,
            "y": point.y,
            "cluster": cluster.cluster,
            "confidence": cluster.confidence,
            "topics": topics[article.article_id],
            "similar": similar[article.article_id],
        }
        for article, point, cluster in zip(
            study.corpus, study.map.itertuples(), study.clusters.itertuples(), strict=True
        )
    ]


def _article_fields(article: Article) -> dict[str, Any]:
    source = source_label(article.source)
    return {
        "id": article.article_id,
        "title": article.title,
        "body": article.body,
        "source": article.source,
        "source_zh": source.zh,
        "source_en": source.en,
        "date": f"{article.published:%Y-%m-%d}" if article.published else "",
        "title_lang": article.title_lang,
        "lang": article.body_lang,
        "truncated": article.truncated,
        "pages": list(article.pages),
        "tags": list(article.tags),
    }


def _similar_articles(study: Study) -> dict[str, list[list[Any]]]:
    """Return [article_id, similarity] of the most similar articles of each, most similar first."""
    nearest: dict[str, dict[str, float]] = defaultdict(dict)
    pairs = study.similar.sort_values("similarity", ascending=False, kind="stable")
    for article_id, other_id, similarity in pairs[["article_id", "other_id", "similarity"]].to_numpy().tolist():
        # A pair is listed once for each of its two articles where each is among the other's nearest.
        nearest[article_id].setdefault(other_id, similarity)
        nearest[other_id].setdefault(article_id, similarity)
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    for article_id, others in nearest.items():
        rows[article_id] = [[other_id, similarity] for other_id, similarity in others.items()][:N_SIMILAR]
    return rows


def topic_term_rows(study: Study) -> list[dict[str, Any]]:
    """List each topic's terms in both languages with their probability and its interval."""
    columns = ["topic", "term_zh", "term_en", "probability", "low", "high"]
    return table_rows(study.topic_terms[columns]) if len(study.topic_terms) else []


def cluster_rows(study: Study) -> list[dict[str, Any]]:
    """List the clusters with labels and number of articles, articles without a cluster (-1) last."""
    sizes = study.clusters.groupby(["cluster", "label_zh", "label_en"]).size().rename("n_articles").reset_index()
    return sorted(table_rows(sizes), key=lambda row: (row["cluster"] < 0, row["cluster"]))


def theme_rows(study: Study) -> list[dict[str, Any]]:
    """List the themes that occur: names, question, strength and confidence in each article, and months.

    Returns
    -------
    list of dict
        ``articles`` holds [strength, confidence] by article, without those where the theme is
        absent; ``months`` the share of articles with its interval, None where there is no article.
    """
    table = study.themes.table
    strengths: dict[str, dict[str, list[float]]] = defaultdict(dict)
    for article_id, theme, strength, confidence in table[table["strength"] > 0].to_numpy().tolist():
        strengths[theme][article_id] = [strength, round(confidence, 3)]
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table_rows(study.themes.over_time):
        months[row.pop("theme")].append(row)
    return [
        {
            "id": name,
            "title_zh": theme.title.zh,
            "title_en": theme.title.en,
            "question_zh": theme.question.zh,
            "question_en": theme.question.en,
            "articles": strengths[name],
            "months": months[name],
        }
        for name, theme in study.themes.items()
        if strengths[name]
    ]


def evidence_by_article(study: Study, anchors: Anchors) -> dict[str, list[dict[str, Any]]]:
    """List the passages of each article that speak of themes.

    Parameters
    ----------
    study
        A fitted study.
    anchors
        Link targets of its corpus.

    Returns
    -------
    dict
        By article, one dict a passage: its anchor, and ``themes``, the score of each theme; empty
        where the passage is quoted for a supplier or an act of control alone.
    """
    passages: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    table = study.themes.evidence[["article_id", "passage_id", "theme", "score"]]
    for article_id, passage_id, theme, score in table.to_numpy().tolist():
        passage = passages[article_id].setdefault(passage_id, {**anchors.passage_anchor(passage_id), "themes": {}})
        passage["themes"][theme] = round(score, 3)
    for quoted in (study.suppliers, study.events):
        for article_id, passage_id in quoted[["article_id", "passage_id"]].to_numpy().tolist():
            passages[article_id].setdefault(passage_id, {**anchors.passage_anchor(passage_id), "themes": {}})
    return {article_id: list(rows.values()) for article_id, rows in passages.items()}


def act_rows(study: Study, anchors: Anchors) -> list[dict[str, Any]]:
    """List the acts of export control by date, the undated behind them by the publication of their article.

    Parameters
    ----------
    study
        A fitted study.
    anchors
        Link targets of its corpus.

    Returns
    -------
    list of dict
    """
    events = study.events.assign(is_undated=study.events["date"] == "")
    columns = ["date", "actor", "direction", "object", "article_id", "passage_id"]
    rows = []
    table = events.sort_values(["is_undated", "date", "published"], kind="stable")[columns]
    for date, actor, direction, goods, article_id, passage_id in table.to_numpy().tolist():
        labels = [thing_label(name, study.claims.lexicon) for name in goods.split("; ") if name]
        rows.append(
            {
                **_in_both("date", date_wording(date)),
                **_in_both("actor", thing_label(actor, study.claims.lexicon)),
                **_in_both("goods", listing(labels) if labels else Label("", "")),
                "direction": direction,
                "article": article_id,
                **anchors.passage_anchor(passage_id),
            }
        )
    return rows


def supplier_rows(study: Study, anchors: Anchors) -> list[dict[str, Any]]:
    """List which country has which role in which article, and the passage that says so.

    Parameters
    ----------
    study
        A fitted study.
    anchors
        Link targets of its corpus.

    Returns
    -------
    list of dict
    """
    rows = []
    table = study.themes.suppliers[["country", "role", "status", "article_id", "passage_id"]]
    for country, role, status, article_id, passage_id in table.to_numpy().tolist():
        label = study.themes.country_label(country)
        names = {"country": country, "country_zh": label.zh, "country_en": label.en}
        role_and_status = f"{role}_{status}" if role == SUPPLIER else role
        rows.append({**names, "role": role_and_status, "article": article_id, **anchors.passage_anchor(passage_id)})
    return rows


def claim_rows(study: Study, anchors: Anchors) -> list[dict[str, Any]]:
    """List every claim with its subject in both languages and the passage it stands in.

    Parameters
    ----------
    study
        A fitted study.
    anchors
        Link targets of its corpus.

    Returns
    -------
    list of dict
        ``start`` and ``end`` bound the number, ``quote`` ([start, end]) the passage.
    """
    claims = study.claims
    rows = []
    table = claims.table[[*CLAIM_COLUMNS, "passage_id", "start", "end"]]
    for claim, row in zip(claims.claims, table_rows(table), strict=True):
        span = {name: row.pop(name) for name in ("passage_id", "start", "end")}
        passage = anchors.passage_anchor(span["passage_id"])
        rows.append(
            {
                **row,
                **subject_names(claim, claims.lexicon),
                **_in_both("number", number_wording(claim.quantity, as_of=claim.as_of)),
                **_in_both("as_of", date_wording(claim.as_of)),
                **anchors.claim_anchor(claim.claim_id, **span),
                "quote": [passage["start"], passage["end"]],
            }
        )
    return rows


def disagreement_rows(study: Study) -> list[dict[str, Any]]:
    """List the groups of claims about one subject: open verdicts first, in each part those of most articles first."""
    claim_by_id = {claim.claim_id: claim for claim in study.claims.claims}
    groups = []
    for name, rows in study.claims.disagreements.groupby("group", sort=False):
        own = rows[rows["subject"] == name]
        first_id = (rows if own.empty else own)["claim_id"].iloc[0]
        groups.append(
            {
                "group": str(name),
                **_group_names(rows["verdict"].iloc[0], claim_by_id[first_id], study.claims.lexicon),
                "verdict": rows["verdict"].iloc[0],
                "n_articles": int(rows["article_id"].nunique()),
                "claims": rows["claim_id"].tolist(),
            }
        )
    return sorted(groups, key=lambda group: (group["verdict"] not in OPEN_VERDICTS, -group["n_articles"]))


def subject_names(claim: Claim, lexicon: Lexicon) -> dict[str, str]:
    """Return ``subject_zh`` and ``subject_en``: what a claim is about, in words.

    Parameters
    ----------
    claim
        A claim.
    lexicon
        Gives the labels of the concepts.

    Returns
    -------
    dict
    """
    return _in_both("subject", subject_wording(claim, lexicon))


def _group_names(verdict: str, claim: Claim, lexicon: Lexicon) -> dict[str, str]:
    """Return what a group is about: the subject of its claims, or dates of any subject that cannot be right."""
    if verdict == CONTRADICTS_PUBLICATION:
        return _in_both("subject", message("doubtful_dates"))
    return subject_names(claim, lexicon)


def _in_both(column: str, label: Label) -> dict[str, str]:
    return {f"{column}_{lang}": label.in_language(lang) for lang in LANGUAGES}


def shown_manifest(study: Study) -> dict[str, Any]:
    """Return the manifest without what differs between equal runs; a score that is not defined is None."""
    entries = {name: value for name, value in manifest(study.state).items() if name not in OMITTED_FROM_MANIFEST}
    scores = {name: None if score is None or isnan(score) else score for name, score in entries["scores"].items()}
    return {**entries, "scores": scores}


def table_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as dicts; a missing value becomes None."""
    values = table.astype(object).to_numpy(copy=True)
    values[table.isna().to_numpy(dtype=bool)] = None
    names = [str(name) for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in values.tolist()]
