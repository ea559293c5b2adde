"""What the figures of the claims show, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from rare_topics.claims.comparison import is_distinctive
from rare_topics.claims.measures import measures, name_of
from rare_topics.claims.verdicts import DEFINITION, comparable

if TYPE_CHECKING:
    from rare_topics.claims import Claim
    from rare_topics.study import Study

MOST_ROWS = 30
SIDES = ("processing", "mining")
ANNOUNCED = frozenset({"investment", "loan", "grant", "contract", "acquisition", "stockpile"})
NEEDED = frozenset({"catch-up", "need"})


def stated_shares_table(study: Study) -> pd.DataFrame:
    """List the shares of processing and of mining that are stated of the place they are stated of most.

    Returns
    -------
    DataFrame
        measure, measure_zh, measure_en, definition_zh, definition_en (what word is used, and of
        what if it is not the usual thing), place_zh, place_en, and `claims_frame`; by measure
        and date.
    """
    shares = [claim for claim in study.claims.claims if claim.quantity.kind == "share" and _measure(claim) in SIDES]
    place = _commonest(claim.subject.where for claim in shares if _measure(claim) == SIDES[0])
    usual = _commonest(claim.subject.of for claim in shares if claim.subject.where == place)
    chosen = [claim for side in SIDES for claim in shares if _measure(claim) == side and claim.subject.where == place]
    table = claims_frame(study, chosen if place else [])
    for lang in ("zh", "en"):
        table[f"definition_{lang}"] = [_definition(study, claim, usual, lang) for claim in chosen[: len(table)]]
        table[f"place_{lang}"] = study.claims.lexicon.label(place, lang)
    return table


def _definition(study: Study, claim: Claim, usual: str, lang: str) -> str:
    """Name what a share is a share of: the word that is used, and the thing where it is not the usual one."""
    lexicon, subject = study.claims.lexicon, claim.subject
    measure = next(measure for measure in measures() if measure.name == subject.measure)
    named = subject.term in lexicon.concepts
    word = lexicon.label(subject.term, lang) if named else measure.said_zh if lang == "zh" else measure.said_en
    return word if subject.of == usual else f"{word} ({lexicon.label(subject.of, lang)})"


def number_told_twice_table(study: Study) -> pd.DataFrame:
    """List the claims that print one number of many digits and say it of different things.

    Returns
    -------
    DataFrame
        `claims_frame` with thing_zh and thing_en; the group of the most articles, by date.
    """
    verdicts = dict(study.claims.disagreements[["group", "verdict"]].to_numpy())
    told = [
        group
        for name, group in study.claims.groups
        if verdicts.get(name) == DEFINITION and any(is_distinctive(claim) for claim in group)
    ]
    chosen = max(told, key=lambda group: len({claim.article_id for claim in group}), default=())
    table = claims_frame(study, chosen)
    for lang in ("zh", "en"):
        table[f"thing_{lang}"] = [study.claims.lexicon.label(claim.subject.of, lang) for claim in chosen]
    return table


def money_table(study: Study) -> pd.DataFrame:
    """List the sums that are announced and those that are said to be needed, in the currency of most of them.

    Returns
    -------
    DataFrame
        role (``announced`` or ``needed``) and `claims_frame`; the largest sums of each role
        first, each article's sum once.
    """
    sums = [claim for claim in study.claims.claims if claim.quantity.kind == "money" and claim.quantity.value > 0]
    sums = [claim for claim in sums if _measure(claim) in ANNOUNCED | NEEDED]
    currency = _commonest(claim.quantity.unit for claim in sums)
    once = {(claim.article_id, claim.quantity.value): claim for claim in sums if claim.quantity.unit == currency}
    chosen = sorted(once.values(), key=lambda claim: (_measure(claim) in NEEDED, -claim.quantity.value))
    kept = [claim for claim in chosen if _measure(claim) in NEEDED]
    kept = [claim for claim in chosen if _measure(claim) in ANNOUNCED][: MOST_ROWS - len(kept)] + kept
    table = claims_frame(study, kept)
    table.insert(0, "role", ["needed" if _measure(claim) in NEEDED else "announced" for claim in kept])
    return table


def catch_up_table(study: Study) -> pd.DataFrame:
    """List how long it is said to take to catch up, in years.

    Returns
    -------
    DataFrame
        `claims_frame` with values in years, shortest first; each article's statement once.
    """
    durations = [claim for claim in study.claims.claims if claim.quantity.kind == "duration"]
    said = [claim for claim in durations if _measure(claim) == "catch-up"]
    once = {(claim.article_id, claim.quantity.value): claim for claim in said}
    chosen = sorted(once.values(), key=lambda claim: (claim.quantity.value * comparable(claim)[1], claim.claim_id))
    return claims_frame(study, chosen[:MOST_ROWS], in_common_units=True)


def claims_frame(study: Study, claims: Sequence[Claim], *, in_common_units: bool = False) -> pd.DataFrame:
    """Give claims as a table for a picture.

    Returns
    -------
    DataFrame
        claim_id, article_id, published (``YYYY-MM-DD``), title, measure, measure_zh, measure_en,
        printed, value, value_high, unit, qualifier, as_of, quote, n_corpus.
    """
    return pd.DataFrame([_row(study, claim, in_common_units=in_common_units) for claim in claims])


def _row(study: Study, claim: Claim, *, in_common_units: bool) -> dict[str, Any]:
    corpus, quantity = study.claims.corpus, claim.quantity
    article, quote = corpus[claim.article_id], corpus.passages.named(claim.passage_id).text
    unit, factor = comparable(claim) if in_common_units else (quantity.unit, 1.0)
    return {
        "claim_id": claim.claim_id,
        "article_id": claim.article_id,
        "published": f"{article.published:%Y-%m-%d}" if article.published else "",
        "title": article.title,
        "measure": _measure(claim),
        "measure_zh": name_of(_measure(claim), quantity.kind, "zh"),
        "measure_en": name_of(_measure(claim), quantity.kind),
        "printed": claim.printed,
        "value": quantity.value * factor,
        "value_high": (quantity.value if quantity.value_high is None else quantity.value_high) * factor,
        "unit": unit,
        "qualifier": quantity.qualifier,
        "as_of": claim.as_of,
        "quote": quote,
        "n_corpus": len(study.claims.corpus),
    }


def _measure(claim: Claim) -> str:
    return claim.subject.measure


def _commonest(names: Iterable[str]) -> str:
    """Return the name that stands most often, the first of equals in order of the alphabet."""
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda name: (-counts[name], name), default="")
