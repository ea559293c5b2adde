"""Figures of the claims: shares, dependence, one number of several things, money, years and starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from rare_topics.claims.comparison import has_many_digits
from rare_topics.claims.measures import measures
from rare_topics.claims.number_wording import QUALIFIERS_ZH, number_wording
from rare_topics.claims.tense import HISTORY, HYPOTHETICAL, NOW, PLAN, names_lag, names_start
from rare_topics.claims.verdicts import DEFINITION, IMPLAUSIBLE, common_unit
from rare_topics.claims.wording import subject_wording, thing_label
from rare_topics.corpus.languages import LANGUAGES, Label
from rare_topics.corpus.wording import source_label
from rare_topics.figures.figure import by_rows, figure
from rare_topics.figures.wording import column_label, listing, number_word
from rare_topics.plots.claims import (
    draw_catch_up,
    draw_dependence_shares,
    draw_money_needed,
    draw_number_told_twice,
    draw_planned_starts,
    draw_stated_shares,
)

if TYPE_CHECKING:
    from rare_topics.claims import Claim
    from rare_topics.study import Study

# Bars and dots that fit on one page (chosen by hand).
MOST_ROWS = 30
# Measures of the two panels of stated shares.
SHARE_MEASURES = ("processing", "mining")
ANNOUNCED = frozenset({"investment", "loan", "grant", "contract", "acquisition", "stockpile"})
NEEDED = frozenset({"catch-up", "need"})
COUNTRIES = frozenset({"country", "alliance"})
# Countries and years that a title names (chosen by hand).
NAMES_IN_TITLE = 3


def _range_wording(rows: pd.DataFrame) -> Label:
    """Write the least and the largest of some values, each with its qualifier: 72% to over 90%."""
    ranked = rows.sort_values(["value", "value_high"], kind="stable").to_dict("records")
    low, high = column_label(ranked[0], "number"), column_label(ranked[-1], "number")
    if low == high:
        return low
    if ranked[0]["qualifier"] == ranked[-1]["qualifier"]:
        qualifier = str(ranked[0]["qualifier"])
        high = Label(high.zh.removeprefix(QUALIFIERS_ZH[qualifier]), high.en.removeprefix(qualifier).lstrip())
    # The unit of both is named once: at least 5 to 20 years.
    unit = low.en.rpartition(" ")[2]
    low_en = low.en.removesuffix(f" {unit}") if unit.isalpha() and high.en.endswith(f" {unit}") else low.en
    return Label(zh=f"{low.zh}至{high.zh}", en=f"{low_en} to {high.en}")


def _shares_today(table: pd.DataFrame) -> Label | None:
    today = table[table["tense"] == NOW]
    parts = []
    for _, rows in today.groupby("measure", sort=False):
        alike = rows[rows["thing_en"] == rows["thing_en"].iloc[0]]
        subject, said = column_label(alike.to_dict("records")[0], "subject"), _range_wording(alike)
        parts.append(Label(zh=f"{subject.zh}据称为{said.zh}", en=f"{subject.en} is put at {said.en}"))
    if not parts:
        return None
    return Label(zh="；".join(part.zh for part in parts), en="; ".join(part.en for part in parts))


def _stated_shares_size(table: pd.DataFrame) -> tuple[float, float]:
    return 14.0, 3.0 + 0.42 * int(table["measure"].value_counts().max())


@figure(
    question="What share of processing and of mining is stated?",
    question_zh="各文章所称的加工和开采占比是多少？",
    answer=_shares_today,
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
    shares = [one for one in study.claims.claims if one.quantity.kind == "share" and not one.subject.whole]
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
    return table


def _dependence_today(table: pd.DataFrame) -> Label | None:
    today = table[table["tense"] == NOW]
    countries = [(rows.to_dict("records")[0], _range_wording(rows)) for _, rows in today.groupby("place", sort=False)]
    if not countries:
        return None
    named = [
        Label(zh=f"{place.zh}{said.zh}", en=f"{place.en} {said.en}")
        for row, said in countries[:NAMES_IN_TITLE]
        for place in [column_label(row, "place")]
    ]
    joined, n_others = listing(named), len(countries) - len(named)
    zh, en = f"据称的依赖度：{joined.zh}", f"Dependence as stated: {joined.en}"
    return (
        Label(f"{zh}，另有 {n_others} 个", f"{en}; {number_word(n_others)} more below") if n_others else Label(zh, en)
    )


@figure(
    question="How much of what it needs does each country take from its supplier?",
    question_zh="各国对供应方的依赖有多深？",
    answer=_dependence_today,
    caption="Each dot is a statement of what share of a thing a country takes from others, mostly from China; an arrow "
    "points where the text says over or nearly. Hollow: only expected or demanded; pale: of the past. The date is that "
    "of the number, or else of publication.",
    draw=draw_dependence_shares,
    size=by_rows(12, each=0.42, margin=2.7),
)
def dependence_shares(study: Study) -> pd.DataFrame:
    """List the shares that countries are said to take from their supplier.

    Returns
    -------
    DataFrame
        `claim_table`; the country of most statements first, each article's statement once.
    """
    categories = {name: concept.category for name, concept in study.claims.lexicon.concepts.items()}
    claims = [
        claim
        for claim in study.claims.claims
        if claim.subject.measure == "dependence" and claim.quantity.kind == "share" and claim.tense != HYPOTHETICAL
    ]
    claims = [claim for claim in claims if categories.get(claim.subject.place) in COUNTRIES]
    claims = list({(claim.article_id, claim.subject.place, claim.quantity.value): claim for claim in claims}.values())
    n_claims = Counter(claim.subject.place for claim in claims)
    claims.sort(key=lambda claim: (-n_claims[claim.subject.place], claim.subject.place, claim.tense == HISTORY))
    return claim_table(study, claims[:MOST_ROWS])


def _things_of_one_number(table: pd.DataFrame) -> Label | None:
    things = list(dict.fromkeys(zip(table["thing_zh"], table["thing_en"], strict=True)))
    number = column_label(table.sort_values("value", kind="stable").to_dict("records")[0], "number")
    ways = "，".join(f"有的说是{thing}" for thing, _ in things)
    return Label(
        zh=f"{number.zh}：{ways}", en=f"{number.en} are said to be {listing([Label(*pair) for pair in things]).en}"
    )


@figure(
    question="Which number is told in several ways?",
    question_zh="哪个数字有几种说法？",
    answer=_things_of_one_number,
    caption="One number of four digits or more that articles give to different things, with the sentences it "
    "stands in. Such a number is not shared by chance: at most one of the tellings is right.",
    draw=draw_number_told_twice,
    size=by_rows(13, each=0.85, margin=2.6),
)
def number_told_twice(study: Study) -> pd.DataFrame:
    """List the claims that print one number of many digits and say it of different things.

    Returns
    -------
    DataFrame
        `claim_table`; the group of the most articles, by date.
    """
    verdicts = dict(study.claims.disagreements[["group", "verdict"]].to_numpy())
    groups = [
        claims
        for name, claims in study.claims.groups
        if verdicts.get(name) == DEFINITION and any(has_many_digits(claim) for claim in claims)
    ]
    return claim_table(study, max(groups, key=lambda claims: len({claim.article_id for claim in claims}), default=()))


def _sums_by_role(table: pd.DataFrame) -> Label | None:
    plausible = table[~table["implausible"]]
    said = {role: _range_wording(rows) for role, rows in plausible.groupby("role")}
    if "announced" not in said:
        return None
    announced, needed = said["announced"], said.get("needed", Label("多少未说明", "not stated"))
    zh, en = f"已宣布{announced.zh}；据称需要{needed.zh}", f"Announced: {announced.en}; said to be needed: {needed.en}"
    odd = table[table["implausible"]].drop_duplicates("number_en").to_dict("records")
    if odd:
        joined = listing([column_label(row, "number") for row in odd])
        zh, en = f"{zh}（{joined.zh}相差过大）", f"{en} ({joined.en} for one purpose: too far apart)"
    return Label(zh, en)


@figure(
    question="How does the money announced compare with the money said to be needed?",
    question_zh="已宣布的资金与据称所需的资金相比如何？",
    answer=_sums_by_role,
    caption="Sums in the currency that most are printed in, on a logarithmic scale; the end of a range is the "
    "paler part. Hatched sums are said of one purpose and lie too far apart for both to be right. Sums are as "
    "printed, of different years and purposes: compare their magnitude, and add nothing.",
    draw=draw_money_needed,
    size=by_rows(12, each=0.4, margin=2.8),
)
def money_needed(study: Study) -> pd.DataFrame:
    """List the sums that are announced and those that are said to be needed, in the currency of most of them.

    Returns
    -------
    DataFrame
        role (``announced`` or ``needed``), implausible (whether it lies too far from another sum for
        the same purpose) and `claim_table`; the largest sums of each role first, each article's sum
        once.
    """
    sums = [claim for claim in study.claims.claims if claim.quantity.kind == "money" and claim.quantity.value > 0]
    sums = [claim for claim in sums if claim.subject.measure in ANNOUNCED | NEEDED]
    currency = _most_frequent(claim.quantity.unit for claim in sums)
    sums = _once_per_article(claim for claim in sums if claim.quantity.unit == currency)
    sums = sorted(sums, key=lambda claim: -claim.quantity.value)
    needed = [claim for claim in sums if claim.subject.measure in NEEDED]
    announced = [claim for claim in sums if claim.subject.measure in ANNOUNCED][: MOST_ROWS - len(needed)]
    table = claim_table(study, [*announced, *needed])
    verdicts = study.claims.disagreements
    implausible = set(verdicts.loc[verdicts["verdict"] == IMPLAUSIBLE, "claim_id"])
    table.insert(0, "role", ["announced"] * len(announced) + ["needed"] * len(needed))
    table.insert(1, "implausible", [claim.claim_id in implausible for claim in (*announced, *needed)])
    return table


def _years_by_part(table: pd.DataFrame) -> Label:
    said = {part: _range_wording(rows) for part, rows in table.groupby("part")}
    parts = {
        "behind": ("落后{}", "behind by {}"),
        "needs": ("追赶需要{}", "catching up needs {}"),
    }
    zh = "；".join(parts[part][0].format(said[part].zh) for part in parts if part in said)
    en = "; ".join(parts[part][1].format(said[part].en) for part in parts if part in said)
    return Label(zh=f"据称{zh}", en=f"As stated: {en}")


@figure(
    question="How far behind are others, and how many years is catching up said to take?",
    question_zh="落后多少年，追赶还要多少年？",
    answer=_years_by_part,
    caption="Each marker is a statement; an arrow to the right says at least. The lag that is behind and the time that "
    "catching up needs are different things, and stand apart.",
    draw=draw_catch_up,
    size=by_rows(11, each=0.5, margin=2.9),
)
def catch_up_years(study: Study) -> pd.DataFrame:
    """List how far others are said to be behind, and how long it is said to take to catch up, in years.

    Returns
    -------
    DataFrame
        part (``behind`` or ``needs``) and `claim_table` with values in years; by part, shortest
        first; each article's statement once.
    """
    durations = [claim for claim in study.claims.claims if claim.quantity.kind == "duration"]
    durations = _once_per_article(claim for claim in durations if claim.subject.measure == "catch-up")
    part_of = {claim.claim_id: "behind" if names_lag(claim.subject.term) else "needs" for claim in durations}
    durations.sort(
        key=lambda claim: (part_of[claim.claim_id], claim.quantity.value * common_unit(claim)[1], claim.claim_id)
    )
    table = claim_table(study, durations[:MOST_ROWS], in_common_units=True)
    table.insert(0, "part", [part_of[claim.claim_id] for claim in durations[:MOST_ROWS]])
    return table


def _starts_by_year(table: pd.DataFrame) -> Label:
    n_starts = table["value"].astype(int).value_counts().sort_index()
    first, last = n_starts.index[0], n_starts.index[-1]
    years = Label(*(str(first) if first == last else f"{first}{dash}{last}" for dash in ("至", "–")))
    n = len(table)
    starts = "start of production is" if n == 1 else "starts of production are"
    return Label(
        zh=f"据称有 {n} 项投产计划，时间为{years.zh}年",
        en=f"{number_word(n).capitalize()} {starts} announced, for {years.en}",
    )


@figure(
    question="Which projects are to start, and when?",
    question_zh="哪些项目计划投产，何时投产？",
    answer=_starts_by_year,
    caption="Years in which production is planned to start, by the company, project or country that the sentence "
    "names; the sentence stands beside. A plan is no promise: none of these produces yet.",
    draw=draw_planned_starts,
    size=by_rows(14, each=0.5, margin=2.6),
)
def planned_starts(study: Study) -> pd.DataFrame:
    """List the dates at which production is planned to start.

    Returns
    -------
    DataFrame
        `claim_table`, value is the year; by year, one row for each place, thing and year.
    """
    passages = study.claims.corpus.passages
    starts = {
        (claim.quantity.value, claim.subject.place, claim.subject.object): claim
        for claim in study.claims.claims
        if claim.quantity.kind == "date"
        and claim.tense == PLAN
        and claim.subject.place
        and claim.as_of[:4].isdecimal()
        and names_start(passages.by_id(claim.passage_id).text, date=claim.printed)
    }
    table = claim_table(study, [starts[key] for key in sorted(starts)][:MOST_ROWS])
    return table.assign(value=table["as_of"].str[:4].astype(int)) if len(table) else table


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
        claim_id, article_id, published (``YYYY-MM-DD``), title, source_zh, source_en, measure,
        subject_zh, subject_en, place, place_zh, place_en, thing_zh, thing_en, printed, number_zh,
        number_en (the number in words of either language), value, value_high, unit, qualifier, as_of,
        tense, quote, n_corpus.
    """
    return pd.DataFrame([_claim_row(study, claim, in_common_units=in_common_units) for claim in claims])


def _claim_row(study: Study, claim: Claim, *, in_common_units: bool) -> dict[str, Any]:
    corpus, quantity, subject = study.claims.corpus, claim.quantity, claim.subject
    article = corpus[claim.article_id]
    unit, factor = common_unit(claim) if in_common_units else (quantity.unit, 1.0)
    high = quantity.value if quantity.value_high is None else quantity.value_high
    return {
        "claim_id": claim.claim_id,
        "article_id": claim.article_id,
        "published": f"{article.published:%Y-%m-%d}" if article.published else "",
        "title": article.title,
        **_in_both("source", source_label(article.source)),
        "measure": subject.measure,
        **_in_both("subject", subject_wording(claim, study.claims.lexicon)),
        "place": subject.place,
        **_in_both("place", thing_label(subject.place, study.claims.lexicon)),
        **_in_both("thing", thing_label(subject.object, study.claims.lexicon)),
        "printed": claim.printed,
        **_in_both("number", number_wording(quantity)),
        "value": quantity.value * factor,
        "value_high": high * factor,
        "unit": unit,
        "qualifier": quantity.qualifier,
        "as_of": claim.as_of,
        "tense": claim.tense,
        "quote": corpus.passages.by_id(claim.passage_id).text,
        "n_corpus": len(corpus),
    }


def _in_both(column: str, label: Label) -> dict[str, str]:
    return {f"{column}_{lang}": label.in_language(lang) for lang in LANGUAGES}


def _once_per_article(claims: Iterable[Claim]) -> list[Claim]:
    """Of claims of one value in one article keep the last, at the position of the first."""
    return list({(claim.article_id, claim.quantity.value): claim for claim in claims}.values())


def _most_frequent(names: Iterable[str]) -> str:
    """Return the name that stands most often, empty ones aside; of equals the first in order of the alphabet."""
    counts = Counter(name for name in names if name)
    return min(counts, key=lambda name: (-counts[name], name), default="")
