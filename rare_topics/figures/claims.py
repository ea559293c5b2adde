"""Figures of the claims: shares, one number of several things, money and years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from rare_topics.claims.comparison import has_many_digits
from rare_topics.claims.measures import measures
from rare_topics.claims.verdicts import DEFINITION, common_unit
from rare_topics.claims.wording import subject_wording
from rare_topics.corpus.languages import LANGUAGES
from rare_topics.figures.figure import by_rows, figure
from rare_topics.plots.claims import draw_catch_up, draw_money_needed, draw_number_told_twice, draw_stated_shares

if TYPE_CHECKING:
    from rare_topics.claims import Claim
    from rare_topics.study import Study

# Bars and dots that fit on one page (chosen by hand).
MOST_ROWS = 30
# Measures of the two panels of stated shares.
SHARE_MEASURES = ("processing", "mining")
ANNOUNCED = frozenset({"investment", "loan", "grant", "contract", "acquisition", "stockpile"})
NEEDED = frozenset({"catch-up", "need"})


def _stated_shares_size(table: pd.DataFrame) -> tuple[float, float]:
    return 14.0, 2.4 + 0.42 * int(table["measure"].value_counts().max())


@figure(
    question="What share of processing and of mining is stated?",
    caption="Each dot is a statement, a line its printed range; an arrow points where the text says over, at "
    "least, nearly or up to. Colours are definitions: to refine is not to separate, and a metal is no oxide.",
    draw=draw_stated_shares,
    size=_stated_shares_size,
)
def stated_shares(study: Study) -> pd.DataFrame:
    """List the shares of processing and of mining that are stated of the place they are stated of most.

    Returns
    -------
    DataFrame
        definition_zh, definition_en (what word is used, and of what if it is not the usual
        thing), place_zh, place_en, and `claim_table`, whose subject is that of the first claim of
        its measure; by measure and date.
    """
    first, second = SHARE_MEASURES
    shares = [claim for claim in study.claims.claims if claim.quantity.kind == "share"]
    processing = [claim for claim in shares if claim.subject.measure == first]
    mining = [claim for claim in shares if claim.subject.measure == second]
    place = _most_frequent(claim.subject.place for claim in processing)
    of_place = [claim for claim in (*processing, *mining) if place and claim.subject.place == place]
    usual = _most_frequent(claim.subject.object for claim in of_place)
    table = claim_table(study, of_place)
    for lang in LANGUAGES:
        # One subject for the panel of each measure.
        first_of = {row["measure"]: row[f"subject_{lang}"] for row in table.to_dict("records")[::-1]}
        table[f"subject_{lang}"] = [first_of[claim.subject.measure] for claim in of_place]
        table[f"definition_{lang}"] = [_definition(study, claim, usual=usual, lang=lang) for claim in of_place]
        table[f"place_{lang}"] = study.claims.lexicon.label(place, lang)
    return table


@figure(
    question="Which number is told in several ways?",
    caption="One number of four digits or more that articles give to different things, with the sentences it "
    "stands in. Such a number is not shared by chance: at most one of the tellings is right.",
    draw=draw_number_told_twice,
    size=by_rows(13, each=0.85, margin=1.9),
)
def number_told_twice(study: Study) -> pd.DataFrame:
    """List the claims that print one number of many digits and say it of different things.

    Returns
    -------
    DataFrame
        `claim_table` with thing_zh and thing_en; the group of the most articles, by date.
    """
    verdicts = dict(study.claims.disagreements[["group", "verdict"]].to_numpy())
    groups = [
        claims
        for name, claims in study.claims.groups
        if verdicts.get(name) == DEFINITION and any(has_many_digits(claim) for claim in claims)
    ]
    widest = max(groups, key=lambda claims: len({claim.article_id for claim in claims}), default=())
    table = claim_table(study, widest)
    for lang in LANGUAGES:
        table[f"thing_{lang}"] = [study.claims.lexicon.label(claim.subject.object, lang) for claim in widest]
    return table


@figure(
    question="How does the money announced compare with the money said to be needed?",
    caption="Sums in the currency that most are printed in, on a logarithmic scale; the end of a range is the "
    "paler part. Sums are as printed, of different years and purposes: compare their magnitude, and add nothing.",
    draw=draw_money_needed,
    size=by_rows(11, each=0.36, margin=1.9),
)
def money_needed(study: Study) -> pd.DataFrame:
    """List the sums that are announced and those that are said to be needed, in the currency of most of them.

    Returns
    -------
    DataFrame
        role (``announced`` or ``needed``) and `claim_table`; the largest sums of each role
        first, each article's sum once.
    """
    sums = [claim for claim in study.claims.claims if claim.quantity.kind == "money" and claim.quantity.value > 0]
    sums = [claim for claim in sums if claim.subject.measure in ANNOUNCED | NEEDED]
    currency = _most_frequent(claim.quantity.unit for claim in sums)
    sums = _once_per_article(claim for claim in sums if claim.quantity.unit == currency)
    sums = sorted(sums, key=lambda claim: -claim.quantity.value)
    needed = [claim for claim in sums if claim.subject.measure in NEEDED]
    announced = [claim for claim in sums if claim.subject.measure in ANNOUNCED][: MOST_ROWS - len(needed)]
    table = claim_table(study, [*announced, *needed])
    table.insert(0, "role", ["announced"] * len(announced) + ["needed"] * len(needed))
    return table


@figure(
    question="How many years is catching up said to take?",
    caption="Each dot is a statement; an arrow to the right says at least. The lag that is behind and the time "
    "that is ahead are both here, as the quotes say.",
    draw=draw_catch_up,
    size=by_rows(11, each=0.5, margin=1.9),
)
def catch_up_years(study: Study) -> pd.DataFrame:
    """List how long it is said to take to catch up, in years.

    Returns
    -------
    DataFrame
        `claim_table` with values in years, shortest first; each article's statement once.
    """
    durations = [claim for claim in study.claims.claims if claim.quantity.kind == "duration"]
    durations = _once_per_article(claim for claim in durations if claim.subject.measure == "catch-up")
    durations = sorted(durations, key=lambda claim: (claim.quantity.value * common_unit(claim)[1], claim.claim_id))
    return claim_table(study, durations[:MOST_ROWS], in_common_units=True)


def _definition(study: Study, claim: Claim, *, usual: str, lang: str) -> str:
    """Name what a share is a share of: the word that is used, and the thing where it is not the usual one."""
    lexicon, subject = study.claims.lexicon, claim.subject
    default_term = measures()[subject.measure].default_term
    named = subject.term in lexicon.concepts
    word = lexicon.label(subject.term, lang) if named else default_term.in_language(lang)
    return word if subject.object == usual else f"{word} ({lexicon.label(subject.object, lang)})"


def claim_table(study: Study, claims: Sequence[Claim], *, in_common_units: bool = False) -> pd.DataFrame:
    """List claims with their article, measure and quote.

    Parameters
    ----------
    study
        The study that read the claims.
    claims
        Claims in the order of the rows.
    in_common_units
        Whether values are converted to the unit in which claims of their dimension are compared.

    Returns
    -------
    DataFrame
        claim_id, article_id, published (``YYYY-MM-DD``), title, measure, subject_zh, subject_en,
        printed, value, value_high, unit, qualifier, as_of, quote, n_corpus.
    """
    return pd.DataFrame([_claim_row(study, claim, in_common_units=in_common_units) for claim in claims])


def _claim_row(study: Study, claim: Claim, *, in_common_units: bool) -> dict[str, Any]:
    corpus, quantity, measure = study.claims.corpus, claim.quantity, claim.subject.measure
    article = corpus[claim.article_id]
    subject = subject_wording(claim, study.claims.lexicon)
    unit, factor = common_unit(claim) if in_common_units else (quantity.unit, 1.0)
    high = quantity.value if quantity.value_high is None else quantity.value_high
    return {
        "claim_id": claim.claim_id,
        "article_id": claim.article_id,
        "published": f"{article.published:%Y-%m-%d}" if article.published else "",
        "title": article.title,
        "measure": measure,
        "subject_zh": subject.zh,
        "subject_en": subject.en,
        "printed": claim.printed,
        "value": quantity.value * factor,
        "value_high": high * factor,
        "unit": unit,
        "qualifier": quantity.qualifier,
        "as_of": claim.as_of,
        "quote": corpus.passages.by_id(claim.passage_id).text,
        "n_corpus": len(corpus),
    }


def _once_per_article(claims: Iterable[Claim]) -> list[Claim]:
    """Of claims of one value in one article keep the last, at the position of the first."""
    return list({(claim.article_id, claim.quantity.value): claim for claim in claims}.values())


def _most_frequent(names: Iterable[str]) -> str:
    """Return the name that stands most often, empty ones aside; of equals the first in order of the alphabet."""
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda name: (-counts[name], name), default="")
