"""The report in one minute: sentences made from the tables, each word of them linked to the place that says it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rare_topics.claims.number_wording import number_wording
from rare_topics.claims.tense import HISTORY, HYPOTHETICAL, MIN_YEARS_PAST, PLAN, names_lag
from rare_topics.claims.verdicts import CONTRADICTS_PUBLICATION
from rare_topics.claims.wording import thing_label
from rare_topics.corpus.languages import Label
from rare_topics.corpus.wording import date_wording, source_label
from rare_topics.figures.claims import planned_starts
from rare_topics.figures.wording import counted, listing
from rare_topics.report.messages import message, name_message, row_label
from rare_topics.report.page_data import OPEN_VERDICTS, table_rows
from rare_topics.report.quote_selection import MONTH_LENGTH, Quote, QuoteSelector
from rare_topics.themes.events import DEMANDED, EASED, STANDING, THREATENED, TIGHTENED
from rare_topics.themes.strength import STRONG
from rare_topics.themes.supply_facts import DENIED, STATUSES, SUPPLIER, TRANSIT
from rare_topics.themes.theme_file import read_supply_domain

if TYPE_CHECKING:
    import pandas as pd

    from rare_topics.claims import Claim
    from rare_topics.study import Study

# Lengths of the lists at the top of the page, chosen by hand so that it is read in a minute and fits one screen.
N_QUOTES = 3
N_DEPENDENT = 5
N_DATES = 6
N_COUNTRIES = 12
N_DISAGREEMENTS = 5
N_SHARES = 2
N_NUMBERS = 4
N_GAPS = 3
# A sentence is repeated, so suppliers that are less sure than this are in the table alone. Of sets of articles
# left out, 85 of 100 of these rows are right and 76 of all; with a wrong one as bad as two missing ones it is the best.
LEAST_CONFIDENCE_OF_SENTENCES = 0.65
# Numbers of these kinds are parts or amounts of a thing.
KINDS_OF_THINGS = frozenset({"share", "mass", "rate"})


@dataclass(frozen=True)
class Link:
    """Words of a sentence in both languages, and the passage that bears them out."""

    text: Label
    quote: Quote


@dataclass(frozen=True)
class Sentence:
    """A sentence in both languages, and the links that it ends with."""

    text: Label
    links: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the articles say to a question, whose text `key` names in ``messages.toml``."""

    key: str
    sentences: Sequence[Sentence] = ()
    quotes: Sequence[Quote] = ()


class DatedAct(NamedTuple):
    """An act of control of known date: the row of ``events.csv`` to quote, and all rows that tell of it."""

    surest: Mapping[str, Any]
    tellings: Sequence[Mapping[str, Any]]


class ThemeReach(NamedTuple):
    """Articles in which a theme is a real part, and their sources."""

    n_articles: int
    n_sources: int


class KeyFindings:
    """Answers to the questions of a reader in a hurry.

    Parameters
    ----------
    study
        A fitted study.
    data
        What the page knows of it, from `page_data`.
    """

    def __init__(self, study: Study, data: dict[str, Any]) -> None:
        self.study = study
        self.data = data
        self.quotes = QuoteSelector(study)
        self.themes = {theme["id"]: theme for theme in data["themes"]}
        self.rows = {claim["claim_id"]: claim for claim in data["claims"]}
        self.claims = {claim.claim_id: claim for claim in study.claims.claims}

    def answers(self) -> list[Answer]:
        """Answer every question that the corpus has something to say to."""
        answers = (
            self._dependence(),
            self._controls(),
            self._suppliers(),
            self._disagreements(),
            self._subjects(),
            self._certainty(),
        )
        return [answer for answer in answers if answer.sentences or answer.quotes]

    # Who depends on whom, and by how much ----------------------------------------------------------------------------

    def _dependence(self) -> Answer:
        themes = self._themes_with_role("dependence")
        groups = self._dependence_groups
        stated = self._dependence_by_country() if themes else []
        sentences = [*map(self._theme_sentence, themes[:1]), *stated, *map(self._group_sentence, groups)]
        quotes = () if stated or groups else self.quotes.clearest(themes[:1], n=N_QUOTES)
        return Answer(key="who_depends", sentences=sentences, quotes=quotes)

    def _dependence_by_country(self) -> list[Sentence]:
        """Say of each country which shares of what it takes from whom, those of most numbers first."""
        claims = self._dependence_claims
        ranked = sorted(claims, key=lambda sides: (-len(claims[sides]), sides))
        return [
            Sentence(
                message("relies_on", name=self._label(place), source=self._label(source))
                if source
                else message("relies_on_imports", name=self._label(place)),
                [self._number_link(claim, thing=claim.subject.object) for claim in claims[place, source][:N_NUMBERS]],
            )
            for place, source in ranked[:N_DEPENDENT]
        ]

    @cached_property
    def _dependence_claims(self) -> dict[tuple[str, str], list[Claim]]:
        """Claims of what share of a thing a country takes from others, by both; each value once, those of today first.

        A claim that names its source goes before one of the same value that does not.
        """
        concepts = self.study.claims.lexicon.concepts
        countries = {name for name, concept in concepts.items() if concept.category in {"country", "alliance"}}
        claims: dict[tuple[str, str, float], tuple[str, Claim]] = {}
        for claim in self.claims.values():
            subject, quantity = claim.subject, claim.quantity
            is_share = subject.measure == "dependence" and quantity.kind == "share" and bool(subject.object)
            if not is_share or claim.tense in {HISTORY, HYPOTHETICAL} or subject.place not in countries:
                continue
            key = subject.place, subject.object, quantity.value
            source = self.study.claims.counterpart_of(claim)
            if key not in claims or (source and not claims[key][0]):
                claims[key] = source, claim
        by_sides: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for source, claim in sorted(claims.values(), key=lambda one: one[1].tense == PLAN):
            by_sides[claim.subject.place, source].append(claim)
        return by_sides

    def _number_link(self, claim: Claim, *, thing: str = "") -> Link:
        """Write a number with what it is of, its date, and whether it is expected only."""
        text = number_wording(claim.quantity, as_of=claim.as_of)
        if thing:
            text = message("share_of_thing", number=text, thing=self._label(thing))
        if names_lag(claim.subject.term) and claim.quantity.kind == "duration":
            text = message("years_behind", number=text)
        if claim.as_of and claim.quantity.kind != "date":
            key = "expected_at" if claim.tense == PLAN else "stated_at"
            text = message(key, text=text, date=date_wording(claim.as_of))
        return Link(text, self._claim_quote(claim))

    @cached_property
    def _dependence_groups(self) -> list[dict[str, Any]]:
        """Groups that hold nothing but shares, most of them stated in passages on dependence."""
        passages = self.quotes.passage_ids(self._themes_with_role("dependence"))
        shares = {claim_id for claim_id, claim in self.claims.items() if claim.quantity.kind == "share"}
        groups = []
        for group in filter(self._names_who_and_what, self.data["disagreements"]):
            n_within = sum(self.claims[claim_id].passage_id in passages for claim_id in group["claims"])
            if shares.issuperset(group["claims"]) and n_within > len(group["claims"]) / 2:
                groups.append(group)
        return sorted(groups, key=lambda group: -group["n_articles"])[:N_SHARES]

    # What was controlled and eased, and when -------------------------------------------------------------------------

    def _controls(self) -> Answer:
        themes = self._themes_with_role("controls")
        if not themes:
            return Answer(key="controls_when")
        acts = [self._act_sentence(act) for act in self._dated_acts()[-N_DATES:]]
        others = [self._events_sentence(direction) for direction in (STANDING, DEMANDED, THREATENED)]
        undated = [self._events_sentence(direction, undated=True) for direction in (TIGHTENED, EASED)]
        found = [sentence for sentence in (*acts, *undated, *others) if sentence.links]
        quotes = () if found else self.quotes.by_date(themes, n=N_DATES)
        return Answer(key="controls_when", sentences=[*map(self._theme_sentence, themes[:1]), *found], quotes=quotes)

    @cached_property
    def _acts_on_goods(self) -> pd.DataFrame:
        """Acts of which the articles say who acts on which goods of the trade; who controls does not ask for easing."""
        events = self.study.events
        domain = read_supply_domain(
            concepts={name: concept.category for name, concept in self.study.claims.lexicon.concepts.items()},
            countries=[],
        )
        controllers = {self.study.themes[theme].controller for theme in self._themes_with_role("controls")}
        is_on_goods = [not domain.goods.isdisjoint(goods.split("; ")) for goods in events["object"]]
        asks_itself = (events["direction"] == DEMANDED) & events["actor"].isin(controllers)
        return events[np.array(is_on_goods, dtype=bool) & events["actor"].astype(bool) & ~asks_itself]

    def _dated_acts(self) -> list[DatedAct]:
        """Return the acts of known date in order of time, one a date, actor and direction."""
        acts = self._acts_on_goods
        acts = acts[acts["date"].astype(bool) & acts["direction"].isin([TIGHTENED, EASED])]
        tellings: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in table_rows(acts.drop_duplicates(["date", "actor", "direction"])):
            # One day in several years is one act, of which an article has the year wrong.
            day = row["date"][4:] if len(row["date"]) > MONTH_LENGTH else row["date"]
            tellings[day, row["actor"], row["direction"]].append(row)
        found = [DatedAct(max(rows, key=self._trust_in_date), rows) for rows in tellings.values()]
        return sorted(found, key=lambda act: act.surest["date"])

    def _trust_in_date(self, row: Mapping[str, Any]) -> tuple[bool, str]:
        """Rank a date that the day of publication contradicts last, and a later one first."""
        return (row["passage_id"], row["date"]) not in self._doubtful_dates, row["date"]

    @cached_property
    def _doubtful_dates(self) -> set[tuple[str, str]]:
        """Passages, and dates in them that the day of publication contradicts."""
        groups = (group for group in self.data["disagreements"] if group["verdict"] == CONTRADICTS_PUBLICATION)
        claims = [self.claims[claim_id] for group in groups for claim_id in group["claims"]]
        return {(claim.passage_id, claim.as_of) for claim in claims}

    def _act_sentence(self, act: DatedAct) -> Sentence:
        """Say when who tightened or eased controls on what, and in which years other articles put the same day."""
        row = act.surest
        date = date_wording(row["date"])
        years = sorted({other["date"][:4] for other in act.tellings} - {row["date"][:4]})
        if years:
            date = message("dated_elsewhere", date=date, years=listing([*map(date_wording, years)]))
        is_past = int(row["date"][:4]) <= int((row["published"] or row["date"])[:4]) - MIN_YEARS_PAST
        goods = listing(self._goods_of(row))
        text = message(f"act_{row['direction']}_of", actor=self._label(row["actor"]), goods=goods)
        return Sentence(
            message("dated_past" if is_past else "dated", date=date), [Link(text, self._quote_of_event(row))]
        )

    def _events_sentence(self, direction: str, *, undated: bool = False) -> Sentence:
        """Say whose controls on what are demanded, threatened …, and in how many articles."""
        rows = self._acts_on_goods
        rows = rows[rows["direction"] == direction]
        rows = rows[~rows["date"].astype(bool)] if undated else rows
        acts: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in table_rows(rows.drop_duplicates(["article_id", "actor", "object"])):
            acts[row["actor"], row["object"]].append(row)
        ranked = sorted(acts, key=lambda act: (-len(acts[act]), act))
        key = "act_demanded_in" if direction == DEMANDED else "act_in"
        links = [
            Link(
                message(key, actor=self._label(actor), goods=listing(self._goods_of(rows[0])), n=len(rows)),
                self._quote_of_event(max(rows, key=self._rank_of_quote)),
            )
            for actor, goods in ranked[:N_NUMBERS]
            for rows in [acts[actor, goods]]
        ]
        return Sentence(message(f"events_{direction}" + ("_undated" if undated else "")), links)

    def _rank_of_quote(self, row: Mapping[str, Any]) -> tuple[bool, float]:
        """Rank a headline behind a sentence, and the surer first."""
        return self.quotes.anchors.passages.by_id(row["passage_id"]).kind != "title", row["confidence"]

    def _goods_of(self, row: Mapping[str, Any]) -> list[Label]:
        return [self._label(concept) for concept in str(row["object"]).split("; ")]

    def _quote_of_event(self, act: Mapping[str, Any]) -> Quote:
        return self.quotes.quote(act["passage_id"])

    # Who can supply --------------------------------------------------------------------------------------------------

    def _suppliers(self) -> Answer:
        """Name the countries by the most definite that any article surely says of them."""
        table = self.study.suppliers
        table = table[table["confidence"] >= LEAST_CONFIDENCE_OF_SENTENCES]
        placed: set[str] = set()
        sentences = []
        for status in (*(status for status in STATUSES if status != DENIED), DENIED):
            found = table[(table["role"] == SUPPLIER) & (table["status"] == status)]
            found = found if status == DENIED else found[~found["country"].isin(placed)]
            placed |= set(found["country"])
            sentences.append(Sentence(message(f"countries_{status}"), self._country_links(found)))
        passing = table[table["role"] == TRANSIT]
        sentences.append(Sentence(message("countries_transit"), self._country_links(passing)))
        sentences.insert(len(STATUSES) - 1, Sentence(message("planned_starts"), self._start_links()))
        return Answer(key="who_could_supply", sentences=[sentence for sentence in sentences if sentence.links])

    def _country_links(self, rows: pd.DataFrame) -> list[Link]:
        """Name countries with the number of articles that say so, each linked to the surest of them."""
        best = rows.sort_values("confidence", ascending=False, kind="stable").drop_duplicates("country")
        passages: dict[str, str] = dict(zip(best["country"], best["passage_id"], strict=True))
        n_articles = {country: rows.loc[rows["country"] == country, "article_id"].nunique() for country in passages}
        ranked = sorted(n_articles, key=lambda country: (-n_articles[country], country))
        return [
            Link(
                message("country_in", name=self.study.themes.country_label(country), n=n_articles[country]),
                self.quotes.quote(passages[country]),
            )
            for country in ranked[:N_COUNTRIES]
        ]

    def _start_links(self) -> list[Link]:
        """Name the companies, projects and countries whose production is planned to start, and when."""
        starts: dict[tuple[Label, str], list[Claim]] = defaultdict(list)
        for row in table_rows(planned_starts.table(self.study)):
            claim = self.claims[row["claim_id"]]
            starts[row_label(row, "place"), claim.passage_id].append(claim)
        return [
            Link(
                message("stated_at", text=name, date=listing([date_wording(claim.as_of) for claim in claims])),
                self._claim_quote(claims[0]),
            )
            for (name, _), claims in [*starts.items()][:N_COUNTRIES]
        ]

    # Where articles disagree -----------------------------------------------------------------------------------------

    def _disagreements(self) -> Answer:
        groups = [group for group in self.data["disagreements"] if group["verdict"] != CONTRADICTS_PUBLICATION]
        doubtful = [group for group in self.data["disagreements"] if group["verdict"] == CONTRADICTS_PUBLICATION]
        shown = {group["group"] for group in self._dependence_groups}
        said = {claim.claim_id for claims in self._dependence_claims.values() for claim in claims}
        open_groups = [group for group in groups if group["verdict"] in OPEN_VERDICTS]
        open_groups.sort(key=lambda group: (OPEN_VERDICTS.index(group["verdict"]), -group["n_articles"]))
        others = [
            group for group in open_groups if group["group"] not in shown and not said.issuperset(group["claims"])
        ]
        others = [*filter(self._names_who_and_what, others)][: N_DISAGREEMENTS - len(doubtful)]
        sentences = [*map(self._group_sentence, [*others, *doubtful])]
        if groups:
            n_agreed = len(groups) - len(open_groups)
            sentences.append(Sentence(message("agreed", n=n_agreed, total=len(groups))))
        return Answer(key="where_disagree", sentences=sentences)

    def _names_who_and_what(self, group: Mapping[str, Any]) -> bool:
        """Whether the subject of a group says of which thing and of which place its numbers are."""
        subject = self._first_claim(group).subject
        return bool(subject.object and subject.place)

    def _first_claim(self, group: Mapping[str, Any]) -> Claim:
        """Return the claim whose subject a group is named by."""
        claims = [self.claims[claim_id] for claim_id in group["claims"]]
        return next((one for one in claims if one.subject.name(one.quantity.kind) == group["group"]), claims[0])

    def _group_sentence(self, group: dict[str, Any]) -> Sentence:
        """Put the claims of a group side by side, smallest first, each value once, those of the past last."""
        claims = sorted(
            (self.claims[claim_id] for claim_id in group["claims"]),
            key=lambda claim: (claim.tense == HISTORY, claim.quantity.value),
        )
        usual = self._first_claim(group).subject.object
        links: dict[Label, Link] = {}
        for claim in claims:
            own = claim.subject.object
            if group["verdict"] == CONTRADICTS_PUBLICATION:
                link = Link(date_wording(claim.as_of), self._claim_quote(claim))
            else:
                is_of_thing = claim.quantity.kind in KINDS_OF_THINGS and own != usual
                link = self._number_link(claim, thing=own if is_of_thing else "")
                link = replace(link, text=message("formerly", text=link.text)) if claim.tense == HISTORY else link
            links.setdefault(link.text, link)
        subject = row_label(group, "subject")
        name = Label(*(f"{text[:1].upper()}{text[1:]}" for text in subject))
        verdict = name_message("verdict", group["verdict"])
        n_articles = group["n_articles"]
        articles = Label(zh=f"{n_articles} 篇", en=counted(n_articles, "article"))
        return Sentence(message("disagree_on", verdict=verdict, name=name, articles=articles), [*links.values()])

    def _claim_quote(self, claim: Claim) -> Quote:
        return replace(self.quotes.quote(claim.passage_id), at=self.rows[claim.claim_id]["at"])

    # What the articles are about, and how sure this is ---------------------------------------------------------------

    def _subjects(self) -> Answer:
        """Say what the articles are about where no theme answers who depends on whom or what controls did."""
        if self._themes_with_role("dependence") or self._themes_with_role("controls"):
            return Answer(key="what_about")
        themes = sorted(self.themes, key=lambda theme: -self._reach(theme).n_articles)[:N_QUOTES]
        topics = sorted(self.data["topics"], key=lambda topic: -topic["share"])[:N_QUOTES]
        sentences = [*map(self._theme_sentence, themes)]
        sentences += [
            Sentence(message("topic_share", share=topic["share"], name=row_label(topic, "label"))) for topic in topics
        ]
        return Answer(key="what_about", sentences=sentences, quotes=self.quotes.clearest(themes[:1], n=N_QUOTES))

    def _certainty(self) -> Answer:
        scores = self.study.scores
        articles = self.data["articles"]
        source, n = Counter(article["source"] for article in articles).most_common(1)[0]
        texts = [message("sure_source", n=n, total=len(articles), source=source_label(source or "?"))]
        gaps = self._months_without_article()
        if gaps:
            texts.append(message("empty_months", months=listing(gaps, most=N_GAPS, unit="段时间")))
        if self.data["topics"]:
            texts.append(message("sure_topics", n=scores["n_topics"], stability=scores["topic_stability"]))
        texts.append(message("sure_clusters", n=scores["n_clusters"], confidence=scores["cluster_confidence"]))
        if self.themes:
            n_passages = len(self.study.corpus.passages)
            texts.append(message("sure_rest", n=self.data["n_uncovered"], total=n_passages))
        return Answer(key="how_sure", sentences=[*map(Sentence, texts)])

    def _months_without_article(self) -> list[Label]:
        """Name the months between the first and the last article in which there is none, those in a row as one."""
        with_articles = {article["date"][:MONTH_LENGTH] for article in self.data["articles"]}
        gaps = []
        for is_empty, months in groupby(self.data["months"], key=lambda month: month not in with_articles):
            first, *_, last = [*months] * 2
            if is_empty and first == last:
                gaps.append(date_wording(first))
            elif is_empty:
                gaps.append(_period(first, last))
        return gaps

    def _theme_sentence(self, theme: str) -> Sentence:
        """Say of how many articles and sources a theme is a real part."""
        reach = self._reach(theme)
        name, total = row_label(self.themes[theme], "title"), len(self.data["articles"])
        return Sentence(message("theme_in", name=name, n=reach.n_articles, total=total, sources=reach.n_sources))

    def _themes_with_role(self, role: str) -> list[str]:
        """Name the themes of a role that some article speaks of."""
        return [theme.name for theme in self.study.themes.with_role(role) if theme.name in self.themes]

    def _reach(self, theme: str) -> ThemeReach:
        """Count the articles of which a theme is a real part, and their sources."""
        strengths = self.themes[theme]["articles"].items()
        found = {article_id for article_id, (strength, _) in strengths if strength >= STRONG}
        return ThemeReach(len(found), len({self.study.corpus[article_id].source for article_id in found}))

    def _label(self, concept: str) -> Label:
        return thing_label(concept, self.study.claims.lexicon)


def _period(first: str, last: str) -> Label:
    """Name the months from one to another, the year of both once."""
    begin, end = date_wording(first), date_wording(last)
    if first[:4] == last[:4]:
        begin, end = Label(begin.zh, begin.en.split()[0]), Label(end.zh.partition("年")[2], end.en)
    return message("period", first=begin, last=end)
