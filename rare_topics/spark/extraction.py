"""What articles say, read on the workers: themes with their evidence, suppliers, and claims.

Memory of a worker: the word lists of themes and of claims, once a process, one batch of articles
as Spark sends it, and one block of about a million characters with its signs. Of the driver: at
most `MAX_COMPARED` claims, and what the articles of the study say.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rare_topics.claims import Claim, ClaimReader, Subject
from rare_topics.claims.claims import COLUMNS, claim_row
from rare_topics.claims.comparison import compare_claims
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article, articles_from_arrow
from rare_topics.quantities import Quantity
from rare_topics.runtime.parallel import BATCH_SIZE
from rare_topics.spark.concept_counts import Reader, failure_reason, load_reader
from rare_topics.themes import PackedMatch, ThemeFinder
from rare_topics.themes.strength import Strength
from rare_topics.themes.themes import EVENT_COLUMNS, SUPPLIER_COLUMNS, themes_by_name

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql import DataFrame

    Batches = Iterator[pa.RecordBatch]

# Articles are read together up to about so many characters, and so many articles: a headline may be all there is.
BLOCK_CHARACTERS = 1_000_000
# Claims that are compared with each other; of more, those of every n-th article are.
MAX_COMPARED = 300_000
# Tables with several rows an article, and their columns in Spark's notation.
TABLES = {
    "themes": "theme string, strength bigint, confidence double",
    "evidence": "theme string, passage_id string, quote string, start bigint, end bigint, score double",
    "suppliers": "country string, role string, status string, stages string, confidence double, passage_id string, "
    "kind string, quote string, start bigint, end bigint, title string, published string",
    "events": "date string, actor string, direction string, object string, confidence double, passage_id string, "
    "quote string, start bigint, end bigint, title string, published string",
    "claims": "claim_id string, passage_id string, printed string, value double, value_high double, unit string, "
    "kind string, qualifier string, subject string, as_of string, tense string, start bigint, end bigint, "
    "quote string, title string, about array<string>",
}
# What those of themes are made from; see `rare_topics.themes.PackedMatch`.
MATCHES = (
    "passage bigint, theme string, score double, frames array<bigint>, countries array<string>, "
    "statements array<string>, strength bigint, confidence double, mass double"
)
ROWS = {**TABLES, "matches": MATCHES}
KNOWN = ("row", "article_id", "published")
EXTRACTED = ", ".join(
    [
        "row bigint, article_id string, published timestamp_ntz, reason string",
        *(f"{name} array<struct<{columns}>>" for name, columns in ROWS.items()),
    ]
)
# Of a theme that an article does not speak of.
ABSENT = {"strength": 0, "confidence": 1.0}


class Extractor(NamedTuple):
    """What themes and claims are found with, as it travels to a worker.

    Attributes
    ----------
    reader
        What words are read with.
    themes
        Content of the user's own theme file; None takes the package's.
    """

    reader: Reader
    themes: bytes | None


@lru_cache(maxsize=2)
def load_theme_finder(extractor: Extractor) -> ThemeFinder:
    """Load the word lists of the themes, once a process."""
    with tempfile.TemporaryDirectory() as folder:
        paths: list[Path | None] = []
        for name, content in (("themes", extractor.themes), ("lexicon", extractor.reader.lexicon)):
            paths.append(None if content is None else Path(folder, name))
            if content is not None:
                Path(folder, name).write_bytes(content)
        return ThemeFinder(paths[0], lexicon=paths[1])


def extract(articles: DataFrame, extractor: Extractor) -> DataFrame:
    """Read what articles say.

    Parameters
    ----------
    articles
        See `rare_topics.spark.articles`.
    extractor
        What they are read with.

    Returns
    -------
    DataFrame
        A row for each article, with the rows that it has in each of `TABLES`, and its `matches`;
        `reason` says why an article could not be read, and is null for all others.
    """

    def extract_all(batches: Batches) -> Batches:
        for block in _blocks(batches):
            yield _packed(_extract_safely(block, extractor))
        load_theme_finder(extractor).reader.lexicon.save_caches()

    return articles.mapInArrow(extract_all, EXTRACTED)


def tables(extracted: DataFrame, extractor: Extractor) -> dict[str, DataFrame]:
    """Lay what articles say out as tables, with the columns of the files of a run.

    Parameters
    ----------
    extracted
        From `extract`.
    extractor
        What it was read with.

    Returns
    -------
    dict of str to DataFrame
        themes, evidence, suppliers, events, claims.
    """
    from pyspark.sql import functions as F  # noqa: N812 - as the whole field calls it

    laid = {name: extracted.select("article_id", F.inline(name)) for name in TABLES}
    found = {row["theme"] for row in laid["themes"].select("theme").distinct().collect()}
    names = F.array(*map(F.lit, themes_by_name(load_theme_finder(extractor).themes, found)))
    every = extracted.where("reason is null").select("article_id", "themes", F.explode(names).alias("theme"))
    weighed = every.withColumn("found", F.expr("get(filter(themes, one -> one.theme = theme), 0)"))
    values = [F.coalesce(f"found.{name}", F.lit(absent)).alias(name) for name, absent in ABSENT.items()]
    return {
        "themes": weighed.select("article_id", "theme", *values),
        "evidence": laid["evidence"],
        "suppliers": laid["suppliers"].select(*SUPPLIER_COLUMNS),
        "events": laid["events"].select(*EVENT_COLUMNS),
        "claims": laid["claims"].select(*COLUMNS),
    }


def disagreements(extracted: DataFrame, *, max_claims: int = MAX_COMPARED) -> tuple[pd.DataFrame, int]:
    """Compare the claims of all articles on the driver, with the code of one machine.

    Parameters
    ----------
    extracted
        From `extract`.
    max_claims
        Of more claims, those of an even sample of the articles are compared.

    Returns
    -------
    table, nth
        As `rare_topics.Claims.disagreements`; the claims are those of every nth article, of all
        where that is 1.
    """
    from pyspark.sql import functions as F  # noqa: N812

    number = extracted.agg(F.sum(F.size("claims"))).collect()[0][0] or 0
    nth = -(-number // max_claims) or 1
    chosen = extracted.where((F.col("row") % nth == 0) & (F.size("claims") > 0))
    # Quotes stay on the workers; of the titles one comes for each article.
    title = F.col("claims")[0]["title"].alias("title")
    without_texts = F.transform("claims", lambda claim: claim.dropFields("quote", "title")).alias("claims")
    rows = chosen.select(*KNOWN, title, without_texts).orderBy("row").toArrow().to_pylist()
    published = {row["article_id"]: row["published"] for row in rows}
    return compare_claims(claims(rows), published, titles={row["article_id"]: row["title"] for row in rows}), nth


def theme_matches(rows: Iterable[Mapping[str, Any]]) -> list[PackedMatch]:
    """Read the theme matches of articles from their rows, in order; one that could not be read has none."""
    return [
        PackedMatch(
            at,
            one["passage"],
            one["theme"],
            one["score"],
            (*zip(one["frames"], one["countries"], strict=True),),
            tuple(one["statements"]),
            Strength(*(one[name] for name in Strength._fields)) if one["strength"] is not None else None,
        )
        for at, row in enumerate(rows)
        for one in row["matches"] or ()
    ]


def claims(rows: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """Read the claims of articles from their rows; one that could not be read has none."""
    return [_claim(row["article_id"], cells) for row in rows for cells in row["claims"] or ()]


def _place(*more: str) -> tuple[str, ...]:
    return ("passage_id", *more, "quote", "start", "end")


def _blocks(batches: Batches) -> Iterator[list[tuple[int, Article]]]:
    block: list[tuple[int, Article]] = []
    length = 0
    for batch in batches:
        for row, article in zip(batch["row"].to_pylist(), articles_from_arrow(batch), strict=True):
            block.append((row, article))
            length += len(article.body)
            if length >= BLOCK_CHARACTERS or len(block) >= BATCH_SIZE:
                yield block
                block, length = [], 0
    if block:
        yield block


def _extract_safely(block: Sequence[tuple[int, Article]], extractor: Extractor) -> list[dict[str, Any]]:
    """Read a block; where that fails, each of its articles by itself, so that only the poisoned one is lost."""
    try:
        said = _extract_block([article for _, article in block], extractor)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one article, the others are read
        if len(block) > 1:
            return [row for one in block for row in _extract_safely([one], extractor)]
        said = [{"reason": failure_reason(error)}]
    known = ({"row": row, "article_id": one.article_id, "published": one.published} for row, one in block)
    return [{**about, **rows} for about, rows in zip(known, said, strict=True)]


def _extract_block(articles: Sequence[Article], extractor: Extractor) -> list[dict[str, Any]]:
    lexicon, segmenter = load_reader(extractor.reader)
    found = load_theme_finder(extractor).matcher(articles)
    themes = load_theme_finder(extractor).themes_from_matches(Corpus(tuple(articles)), found)
    strengths = themes.table[themes.table["strength"] > 0]
    frames = {"themes": strengths, "evidence": themes.evidence, "suppliers": themes.suppliers, "events": themes.events}
    rows: dict[str, Any] = {
        **{name: frame.to_dict("records") for name, frame in frames.items()},
        "claims": _claim_cells(articles, ClaimReader(lexicon, segmenter).read(articles)),
        "matches": ({"article_id": articles[one.article].article_id, **_match_cells(one)} for one in found),
    }
    of_article: dict[str, dict[str, list[Any]]] = {one.article_id: {name: [] for name in ROWS} for one in articles}
    for name, cells in rows.items():
        for row in cells:
            of_article[row["article_id"]][name].append(row)
    return list(of_article.values())


def _packed(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pylist(rows, schema=_schema())


@lru_cache(maxsize=1)
def _schema() -> pa.Schema:
    """Return `EXTRACTED` as a schema of Arrow."""
    import pyarrow as pa

    kinds = {
        "string": pa.string(),
        "bigint": pa.int64(),
        "double": pa.float64(),
        "array<bigint>": pa.list_(pa.int64()),
        "array<string>": pa.list_(pa.string()),
    }
    fields = {
        name: pa.list_(pa.struct([(column, kinds[kind]) for column, kind in map(str.split, columns.split(", "))]))
        for name, columns in ROWS.items()
    }
    known = {"row": pa.int64(), "article_id": pa.string(), "published": pa.timestamp("us"), "reason": pa.string()}
    return pa.schema({**known, **fields})


def _match_cells(found: PackedMatch) -> dict[str, Any]:
    frames, countries = ([match[side] for match in found.frame_matches] for side in range(2))
    about = {"passage": found.passage, "theme": found.theme, "score": found.score}
    strength = found.strength._asdict() if found.strength else {}
    return {**about, "frames": frames, "countries": countries, "statements": list(found.statements), **strength}


def _claim_cells(articles: Iterable[Article], claims: Iterable[Claim]) -> Iterator[dict[str, Any]]:
    """Give the cells of claims, with the passages and the titles that they stand in."""
    titles = {article.article_id: article.title for article in articles}
    quotes = {one.passage_id: one.text for article in articles for one in split_passages(article)}
    for claim in claims:
        row = claim_row(claim, quote=quotes[claim.passage_id], title=titles[claim.article_id])
        yield {**dict(zip(COLUMNS, row, strict=True)), "about": claim.subject}


def _claim(article_id: str, cells: Mapping[str, Any]) -> Claim:
    names = ("start", "end", "value", "value_high", "unit", "kind", "qualifier")
    return Claim(
        claim_id=cells["claim_id"],
        article_id=article_id,
        passage_id=cells["passage_id"],
        quantity=Quantity(**{name: cells[name] for name in names}),
        printed=cells["printed"],
        subject=Subject(*cells["about"]),
        as_of=cells["as_of"],
        tense=cells["tense"],
    )
