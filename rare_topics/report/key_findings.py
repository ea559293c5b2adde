"""The report in one minute: sentences counted from the data, each with quotes to follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from rare_topics.corpus.languages import LANGUAGES, Label
from rare_topics.report.messages import message, name_message, qualified_number, row_label
from rare_topics.report.page_data import OPEN_VERDICTS
from rare_topics.report.quote_selection import Quote, QuoteSelector
from rare_topics.themes.strength import STRONG

if TYPE_CHECKING:
    from rare_topics.study import Study

# Lengths of the lists at the top of the page, chosen by hand so that it is read in a minute.
N_QUOTES = 3
N_DATES = 8
N_COUNTRIES = 10
N_DISAGREEMENTS = 6
N_SHARES = 3


@dataclass(frozen=True)
class LinkedNumber:
    """A number with its qualifier in both languages, and the passage that states it."""

    text: Label
    quote: Quote


@dataclass(frozen=True)
class Sentence:
    """A sentence in both languages, and the numbers that it rests on."""

    text: Label
    numbers: Sequence[LinkedNumber] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the articles say to a question, whose text `key` names in ``messages.toml``."""

    key: str
    sentences: Sequence[Sentence] = ()
    quotes: Sequence[Quote] = ()


# Roles of a country that supplies, or would: a denial is none.
SUPPLYING = frozenset(
    {"supplier_running", "supplier_building", "supplier_planned", "supplier_reserves", "self_supplier"}
)


class ThemeReach(NamedTuple):
    """Articles in which a theme is a real part, their sources, and the mean confidence in them."""

    n_articles: int
    n_sources: int
    confidence: float


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
        self.claims = {claim["claim_id"]: claim for claim in data["claims"]}
        self._passage_of_claim: dict[str, str] = dict(study.claims.table[["claim_id", "passage_id"]].to_numpy())

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

    def _dependence(self) -> Answer:
        themes = self._themes_with_role("dependence")
        shares = {claim_id for claim_id, claim in self.claims.items() if claim["kind"] == "share"}
        groups = self._groups_of_shares(shares, passages=self.quotes.passage_ids(themes))
        return Answer(
            key="who_depends",
            sentences=[*map(self._theme_sentence, themes), *map(self._group_sentence, groups)],
            quotes=self.quotes.clearest(
                themes[:1], n=N_QUOTES, preferred_passages={self._passage_of_claim[claim_id] for claim_id in shares}
            ),
        )

    def _groups_of_shares(self, shares: set[str], *, passages: set[str]) -> list[dict[str, Any]]:
        """Return the groups that hold nothing but shares, most of them stated in some passages."""
        groups = []
        for group in self.data["disagreements"]:
            n_within = sum(self._passage_of_claim[claim_id] in passages for claim_id in group["claims"])
            if shares.issuperset(group["claims"]) and n_within > len(group["claims"]) / 2:
                groups.append(group)
        return sorted(groups, key=lambda group: -group["n_articles"])[:N_SHARES]

    def _controls(self) -> Answer:
        themes = self._themes_with_role("controls")
        if not themes:
            return Answer(key="controls_when")
        sentences = [*map(self._theme_sentence, themes)]
        # The months of the corpus are the same for every theme.
        empty_months = [row["month"] for row in self.themes[themes[0]]["months"] if not row["n_articles"]]
        if empty_months:
            sentences.append(Sentence(message("empty_months", months=", ".join(empty_months))))
        return Answer(key="controls_when", sentences=sentences, quotes=self.quotes.by_date(themes, n=N_DATES))

    def _suppliers(self) -> Answer:
        rows = [row for row in self.data["suppliers"] if row["role"] in SUPPLYING]
        names = {row["country"]: row_label(row, "country") for row in rows}
        n_articles = count_articles(rows, by="country")
        themes: dict[str, list[str]] = defaultdict(list)
        for theme in self.study.themes.with_role("suppliers"):
            if theme.name in self.themes:
                themes[theme.country].append(theme.name)
        n_strong = {country: self._reach(*themes[country]).n_articles for country in n_articles}
        ranked = sorted(n_articles, key=lambda country: (-n_strong[country], -n_articles[country], country))
        sentences = [
            self._supplier_sentence(country, name=names[country], n=n_articles[country], real=n_strong[country])
            for country in ranked[:N_COUNTRIES]
        ]
        quotes = []
        for country in ranked[:N_QUOTES]:
            quotes += self.quotes.clearest(themes[country], n=1)
        return Answer(key="who_could_supply", sentences=sentences, quotes=quotes)

    def _supplier_sentence(self, country: str, *, name: Label, n: int, real: int) -> Sentence:
        """Say in how many articles a country has a role, and which, the most frequent first."""
        rows = [row for row in self.data["suppliers"] if row["country"] == country]
        counts = count_articles(rows, by="role")
        roles = sorted(counts, key=lambda role: (-counts[role], role))
        texts = {
            lang: ", ".join(f"{name_message('role', role).in_language(lang)} {counts[role]}" for role in roles)
            for lang in LANGUAGES
        }
        total = len(self.data["articles"])
        return Sentence(message("supplier_in", n=n, real=real, total=total, roles=Label(**texts), name=name))

    def _disagreements(self) -> Answer:
        groups = self.data["disagreements"]
        open_groups = [group for group in groups if group["verdict"] in OPEN_VERDICTS]
        open_groups.sort(key=lambda group: (OPEN_VERDICTS.index(group["verdict"]), -group["n_articles"]))
        sentences = [*map(self._group_sentence, open_groups[:N_DISAGREEMENTS])]
        if groups:
            n_agreed = len(groups) - len(open_groups)
            sentences.append(Sentence(message("agreed", n=n_agreed, total=len(groups))))
        return Answer(key="where_disagree", sentences=sentences)

    def _group_sentence(self, group: dict[str, Any]) -> Sentence:
        """Put the claims of a group side by side, smallest first, each printed value once."""
        claims = sorted((self.claims[claim_id] for claim_id in group["claims"]), key=lambda claim: claim["value"])
        claim_of_number = {claim["printed"]: claim for claim in reversed(claims)}
        numbers = [self._linked_number(claim) for claim in reversed(claim_of_number.values())]
        subject = row_label(group, "subject")
        name = Label(*(f"{text[:1].upper()}{text[1:]}" for text in subject))
        verdict = name_message("verdict", group["verdict"])
        return Sentence(message("disagree_on", verdict=verdict, name=name), numbers)

    def _linked_number(self, claim: dict[str, Any]) -> LinkedNumber:
        quote = self.quotes.quote(self._passage_of_claim[claim["claim_id"]])
        return LinkedNumber(qualified_number(claim["qualifier"], claim["printed"]), replace(quote, at=claim["at"]))

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
        texts = [message("sure_source", n=n, total=len(articles), source=source or "?")]
        if self.data["topics"]:
            texts.append(message("sure_topics", n=scores["n_topics"], stability=scores["topic_stability"]))
        texts.append(message("sure_clusters", n=scores["n_clusters"], confidence=scores["cluster_confidence"]))
        if self.themes:
            n_passages = len(self.study.corpus.passages)
            texts.append(message("sure_rest", n=self.data["n_uncovered"], total=n_passages))
        return Answer(key="how_sure", sentences=[*map(Sentence, texts)])

    def _theme_sentence(self, theme: str) -> Sentence:
        """Say how many articles and sources a theme is a real part of, and with which confidence."""
        reach = self._reach(theme)
        return Sentence(
            message(
                "theme_in",
                name=row_label(self.themes[theme], "title"),
                n=reach.n_articles,
                total=len(self.data["articles"]),
                sources=reach.n_sources,
                confidence=reach.confidence,
            )
        )

    def _themes_with_role(self, role: str) -> list[str]:
        """Name the themes of a role that some article speaks of."""
        return [theme.name for theme in self.study.themes.with_role(role) if theme.name in self.themes]

    def _reach(self, *themes: str) -> ThemeReach:
        """Measure the reach of themes; an article counts once, with the confidence in the first of them."""
        confidences: dict[str, float] = {}
        for theme in themes:
            for article_id, (strength, confidence) in self.themes[theme]["articles"].items():
                if strength >= STRONG:
                    confidences.setdefault(article_id, confidence)
        sources = {self.study.corpus[article_id].source for article_id in confidences}
        n_articles = len(confidences)
        return ThemeReach(n_articles, len(sources), sum(confidences.values()) / max(n_articles, 1))


def count_articles(rows: Iterable[dict[str, Any]], *, by: str) -> dict[str, int]:
    """Count the articles of suppliers' rows by country or by role.

    Parameters
    ----------
    rows
        From ``data["suppliers"]``.
    by
        ``country`` or ``role``.

    Returns
    -------
    dict
        Number of different articles by country or role.
    """
    articles: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        articles[row[by]].add(row["article"])
    return {name: len(found) for name, found in articles.items()}
