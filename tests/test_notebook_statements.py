"""Specification of the answers that notebooks begin with: each statement is one of the tables of today."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import jieba
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.neighbors import NearestNeighbors

from rare_topics.study import Study
from rare_topics.text import Segmenter

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
MOST_CODE_LINES = 40
NUMERALS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}


def cells(path: Path) -> list[tuple[str, str]]:
    """Read kind and source of each cell."""
    return [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(path.read_text("utf-8"))["cells"]]


def start(study: Study) -> Iterator[str]:
    topics, confidence = study.topics, study.clusters.groupby("cluster")["confidence"].mean()
    assert topics["label_en"].tolist() == [
        "soybean · tariff · Trump",
        "rare earth industry · military use · extraction",
        "antimony · Thailand · smuggling",
        "Russia · ruble · self-sufficiency",
        "MP Materials · Lynas · refining",
    ]
    yield f"**{len(topics)} topics**"
    yield f"**{topics['stability'].min():.0%} or more** of twenty resamples".replace("%", " %")
    yield f"**{len(confidence)} clusters**, of which **{(confidence >= 0.75).sum()}** hold together in three quarters"
    assert set(study.clusters.loc[study.clusters["cluster"].isin(firm_clusters(study)), "label_en"]) == {
        "tariff · Trump · trade negotiation",
        "Mexico · high purity · surge",
        "refining · Australia · Western countries",
    }
    yield f"**{(study.clusters['confidence'] < 0.5).sum()} of {len(study.corpus)} articles** are with their cluster"
    yield f"**{study.scores['language_from_vectors']:.0%}** of the cases".replace("%", " %")
    yield f"**{largest_source(study)} of {len(study.corpus)} articles** from one portal"


def words(study: Study) -> Iterator[str]:
    own = Segmenter().tokenize
    rows = [(a.article_id, a.body_lang, token.kind, token.text) for a in study.corpus for token in own(a.body)]
    tokens = pd.DataFrame(rows, columns=["article_id", "lang", "kind", "text"])
    fragile = tokens[(tokens["kind"] == "number") | tokens["text"].str.contains(r"\w\.\w")].drop_duplicates()
    for name, cut in {"pattern": CountVectorizer(lowercase=False).build_analyzer(), "jieba": jieba.lcut}.items():
        pieces = {article.article_id: set(cut(article.body)) for article in study.corpus}
        is_whole = pd.Series([row.text in pieces[row.article_id] for row in fragile.itertuples()], fragile.index)
        whole = is_whole.groupby(fragile["kind"]).mean()
        yield f"{name} {'keeps ' if name == 'pattern' else ''}**{whole['number']:.0%}**".replace("%", " %")
        assert whole["latin"] == 0
    mentions = study.mentions()
    printed = tokens.assign(concept=tokens["text"].str.lower(), weight=1)
    yield f"**{share_met(printed, 'en', 'zh'):.1%}** of the words of English bodies".replace("%", " %")
    yield f"As concepts **{share_met(mentions, 'en', 'zh'):.0%}** do".replace("%", " %")
    yield f"and **{share_met(mentions, 'zh', 'en'):.0%}** the other way round".replace("%", " %")
    chinese = mentions[mentions["lang"] == "zh"]
    is_unknown = chinese["concept"].str.contains("[一-鿿]")
    yield f"**{chinese.loc[is_unknown, 'weight'].sum() / chinese['weight'].sum():.1%}**".replace("%", " %")
    yield f"only **{sum(article.body_lang == 'zh' for article in study.corpus)}** of them are Chinese"


def topics(study: Study) -> Iterator[str]:
    table, tried = study.topics, study.model_selection
    yield f"**{len(table)} topics**: of the numbers from {tried['n_topics'].min()} to {tried['n_topics'].max()}"
    assert "soybean" in table["label_en"].iloc[0]
    yield f"on soybeans and tariffs, in **{table['stability'].iloc[0]:.0%}**".replace("%", " %")
    assert table["label_en"].iloc[-1] == "MP Materials · Lynas · refining"
    yield f"on MP Materials, Lynas and refining, in **{table['stability'].iloc[-1]:.0%}**".replace("%", " %")
    weights = study.state.doc_topic
    carried = 1 / ((weights / weights.sum(axis=0)) ** 2).sum(axis=0)
    yield f"**{carried.min():.0f} to {carried.max():.0f} articles**, counted by weight"
    yield f"**{(weights.max(axis=1) > 0.5).sum()} of {len(weights)} articles** have one topic"
    seven = tried.set_index("n_topics").loc[7]
    assert seven["coherence"] > tried.loc[tried["chosen"], "coherence"].item()
    assert round(1 / (1 - seven["stability"])) == 9


def clusters(study: Study) -> Iterator[str]:
    sizes = study.clusters.groupby("label_en").size()
    yield f"**{len(sizes)} clusters**, and **{len(firm_clusters(study))}** of them are firm"
    yield f"the trade talks (**{sizes['tariff · Trump · trade negotiation']} articles**)"
    yield f"refining in Australia (**{sizes['refining · Australia · Western countries']} articles**)"
    yield f"by way of Mexico (**{sizes['Mexico · high purity · surge']} articles**)"
    yield f"**{(study.clusters['confidence'] < 0.5).sum()} of {len(study.corpus)} articles** are with it in fewer"
    near = [
        NearestNeighbors(n_neighbors=5, metric=metric).fit(points).kneighbors(return_distance=False)
        for points, metric in ((study.state.vectors, "cosine"), (study.map[["x", "y"]].to_numpy(), "euclidean"))
    ]
    kept = sum(len({*one} & {*other}) for one, other in zip(*near, strict=True)) / near[0].size
    yield f"it keeps **{kept:.0%}**, where chance keeps {5 / (len(study.corpus) - 1):.0%}".replace("%", " %")


def numbers(study: Study) -> Iterator[str]:
    table, judged = study.claims.table, study.claims.disagreements
    n_articles = table["article_id"].nunique()
    yield f"**{len(table)} numbers** stand in **{n_articles} of {len(study.corpus)} articles**"
    is_date = judged["verdict"] == "contradicts publication"
    verdicts = judged[~is_date].drop_duplicates("group")["verdict"].value_counts()
    assert set(verdicts.index) == {"agree", "differ", "differ by definition", "differ by date", "implausible"}
    yield f"**{verdicts.sum()} groups**"
    yield f"In **{verdicts['agree']}** the articles agree; in **{verdicts['differ']}** they differ"
    yield f"in **{verdicts['differ by definition'] + verdicts['differ by date']}** a definition or a date does"
    yield f"in **{verdicts['implausible']}** the values are too far apart"
    share = judged[judged["group"] == "processing share · rare_earths · china"]
    assert judged.groupby("group")["article_id"].nunique().idxmax() == share["group"].iloc[0]
    yield f"**{share['value'].min():g} % to {share['value'].max():g} %**"
    yield f"in **{share['article_id'].nunique()} articles**"
    low, high = table[table["subject"].str.startswith("catch-up sum")].sort_values("value").to_dict("records")
    yield f"**{low['value'] / 1e9:g} to {low['value_high'] / 1e9:g} billion** dollars in one"
    yield f"**{high['value'] / 1e9:,.0f} billion** in another"
    batch = judged[judged["value"] == 3834]
    assert {"rare_earth_oxide", "antimony"} <= {subject.split(" · ")[1] for subject in batch["subject"]}
    yield f"**{is_date.sum()} dates** cannot be right"


def firm_clusters(study: Study) -> pd.Index:
    confidence = study.clusters.groupby("cluster")["confidence"].mean()
    return confidence.index[confidence >= 0.75]


def largest_source(study: Study) -> int:
    return int(pd.Series([article.source for article in study.corpus]).value_counts().iloc[0])


def share_met(table: pd.DataFrame, lang: str, other: str) -> float:
    """Return the share of the words of one language that the other has too."""
    own, theirs = table[table["lang"] == lang], table.loc[table["lang"] == other, "concept"]
    return float((own["weight"] * own["concept"].isin(theirs)).sum() / own["weight"].sum())


def percent(claims: pd.DataFrame, subject: str) -> str:
    """Word a share that one claim states, such as **over 90 %**."""
    (row,) = claims[claims["subject"] == subject].drop_duplicates("value").to_dict("records")
    return f"**{row['qualifier']} {row['value']:g} %**".replace("** ", "**")


def dependence(study: Study) -> Iterator[str]:
    claims, theme = study.claims.table, study.themes["us_dependence"]
    yield f"**{len(theme.articles)} of {len(study.corpus)} articles** from {theme.articles['source'].nunique()} sources"
    american = claims[claims["subject"].str.fullmatch(r"dependence share · \w+ · usa")]
    yield f"Only {NUMERALS[len(american)]} numbers measure it"
    yield f"{percent(claims, 'dependence share · rare_earth_compound · usa')} of rare earth compounds"
    yield f"{percent(claims, 'dependence share · critical_minerals · usa')} of critical minerals"
    yield f"{percent(claims, 'dependence share · rare_earths · usa')} of rare earths are expected"
    yield f"Japan ({percent(claims, 'dependence share · critical_minerals · japan')}"
    yield f"Russia ({percent(claims, 'dependence share · rare_earths · russia')}"
    catch_up = claims[claims["subject"].str.match("catch-up .*usa")]
    years, sums = catch_up[catch_up["unit"] == "years"], catch_up[catch_up["unit"] == "USD"]
    is_lag = years["quote"].str.contains("behind")
    needed, (lag,) = years[~is_lag], years.loc[is_lag, "value"]
    n_articles = needed["article_id"].nunique()
    yield f"**{needed['value'].min():g} to {needed['value'].max():g} years** or more, by {n_articles} articles"
    yield f"a fourth puts it **{lag:g} years** behind"
    lowest, highest = sums["value"].min() / 1e9, sums["value"].max() / 1e9
    yield f"**{lowest:,.0f}** and **{highest:,.0f} billion dollars**, by {sums['article_id'].nunique()}"
    yield f"{largest_source(study)} of the {len(study.corpus)} articles come from one Chinese portal"
    weak = (theme.articles["confidence"] < 0.75).sum()
    yield f"{weak} of the {len(theme.articles)} hang on few passages"


def controls(study: Study) -> Iterator[str]:
    events = study.events
    counts = events["direction"].value_counts()
    yield f"**{counts['tightened']} passages tell of a tightening, {counts['eased']} of an easing**"
    eased = events[events["direction"] == "eased"]
    assert sorted(eased["published"].str[:7]) == ["2025-06", "2025-12"]
    yield "The easings are told in articles of June and December 2025"
    yield f"**{len(study.themes['chinese_controls'].articles)} of {len(study.corpus)} articles**"
    dated = events[events["date"].astype(bool)]
    assert list(zip(dated["actor"], dated["date"], strict=True)) == [
        ("china", "2010"),
        ("china", "2023-10-09"),
        ("china", "2025-05"),
        ("india", "2025-06"),
        ("china", "2025-10-09"),
    ]
    assert dated.loc[dated["date"] == "2025-05", "object"].tolist() == ["antimony; gallium"]
    yield "**2010**, **9 October 2023**, **May 2025** (antimony and gallium) and **9 October 2025**"
    yield "in June 2025 it is **India** that cuts off Japan"
    demands = events[events["direction"] == "demanded"]
    n_articles = demands["article_id"].nunique()
    yield f"**{n_articles} articles** tell of demands that China ease, **{counts['threatened']}** of a threat"
    assert set(demands["actor"]) == {"usa"}
    yield "All the demands are Washington's"


def suppliers(study: Study) -> Iterator[str]:
    table = study.suppliers
    found = table[table["role"] == "supplier"]
    articles = {
        status: rows.groupby("country")["article_id"].nunique().to_dict() for status, rows in found.groupby("status")
    }
    assert articles["running"] == {"australia": 3, "malaysia": 1, "russia": 1}
    yield "**Three countries are said to supply today: Australia, Malaysia and Russia**"
    yield "Australia in 3 articles, Malaysia and Russia in one each"
    assert set(articles["building"]) == {"france"}
    planned = set(articles["planned"]) - set(articles["running"])
    courted = {"greenland", "ukraine", "turkey", "pakistan", "mongolia", "myanmar", "eu"}
    assert planned == courted | {"japan", "india"}
    assert {"greenland", "turkey"} <= set(articles["reserves"])
    assert set(table.loc[table["role"] == "transit", "country"]) == {"thailand", "mexico", "india"}
    assert set(articles["denied"]) == {"mexico", "india"}
    wanted = found[found["status"].isin(["running", "building", "planned"])]
    n_articles = wanted.groupby("country")["article_id"].nunique()
    yield f"{(n_articles <= 2).sum()} of the {len(n_articles)} countries that supply, build or plan"


def talks(study: Study) -> Iterator[str]:
    themes, claims = study.themes, study.claims.table
    theme = themes["trade_talks"]
    n_october = theme.articles["published"].str.startswith("2025-10").sum()
    yield f"**{len(theme.articles)} of {len(study.corpus)} articles**, {n_october} of them of October 2025"
    aspects = themes.aspects
    chips = aspects[(aspects["theme"] == theme.name) & aspects["aspect"].isin(["soybeans", "fentanyl", "rare earths"])]
    yield f"**{(chips.groupby('article_id')['aspect'].nunique() == 3).sum()} articles** lay three chips"
    stated = claims[claims["passage_id"].isin(theme.evidence["passage_id"])]
    tariffs = stated.loc[stated["subject"].str.startswith("tariff rate"), "value"]
    yield f"run from **{tariffs.min():g} %** to **{tariffs.max():g} %**"
    strengths = themes.table.pivot_table(index="article_id", columns="theme", values="strength")
    beyond = strengths[strengths["beyond_rare_earths"] == 3]
    yield f"**{len(beyond)} articles** are mainly about another subject"
    with_rare_earths = (beyond[["chinese_controls", "us_dependence"]].max(axis=1) >= 2).sum()
    yield f"in **{with_rare_earths} of the {len(beyond)}** the Chinese controls or the American dependence"
    yield f"**{(beyond['trade_talks'] >= 2).sum()}** of them are articles on the talks"


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("00_start_here", start),
        ("01_words", words),
        ("02_topics", topics),
        ("03_map", clusters),
        ("04_us_dependence", dependence),
        ("05_chinese_controls", controls),
        ("06_alternative_suppliers", suppliers),
        ("07_trade_talks_and_beyond", talks),
        ("08_claims_and_disagreements", numbers),
    ],
)
def test_the_answer_says_what_the_tables_say(
    name: str, statements: Callable[[Study], Iterator[str]], study: Study
) -> None:
    _, answer = cells(NOTEBOOKS / f"{name}.ipynb")[0]
    for statement in statements(study):
        assert statement in answer


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_answers_first_and_has_little_code(path: Path) -> None:
    """Answer, how it was found, pictures, quotes, doubts; those that show how something is done have steps between."""
    prose, code = ([source for kind, source in cells(path) if kind == wanted] for wanted in ("markdown", "code"))
    headings = [line for source in prose for line in source.splitlines() if line.startswith("#")]
    assert headings[1] == "## The answer"
    assert headings[-1] == "## What would change the answer?"
    if path.stem[:2] in {f"0{number}" for number in range(9)}:
        assert headings[2:-1] == ["## How it was found", "## Pictures", "## In which words?"]
    assert "**How sure is this?**" in cells(path)[0][1]
    assert sum(len(source.splitlines()) for source in code) <= MOST_CODE_LINES
    assert not any("Markdown(" in source or "HTML(" in source for source in code)
