"""The report in one minute: sentences counted from the data, each with quotes to follow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rare_topics.report.claim_data import AGREED
from rare_topics.report.messages import LANGUAGES, Said, say, words
from rare_topics.report.quote_selection import Quote, Quotes
from rare_topics.report.theme_data import countries_by_articles

if TYPE_CHECKING:
    from rare_topics.study import Study

DEPENDENCE = ("us_dependence", "processing_dominance", "technology_gap")
CONTROLS = "chinese_controls"
SUPPLIER = "alt_supplier_"
NOT_SUPPLYING = ("buyer", "transit", "partner")
SHARE = "share"
# Verdicts that leave something open, the gravest first.
OPEN = ("implausible", "differ", "differ by definition", "differ by date", "contradicts publication")
REAL_PART = 2
MOST_QUOTES, MOST_DATES, MOST_COUNTRIES, MOST_GROUPS, MOST_SHARES = 3, 8, 10, 6, 3


@dataclass(frozen=True)
class Link:
    """A number in both languages, and where it stands."""

    said: Said
    quote: Quote


@dataclass(frozen=True)
class Line:
    """A sentence in both languages, and the numbers that it rests on."""

    said: Said
    links: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question with what the articles say to it."""

    key: str
    lines: Sequence[Line] = ()
    quotes: Sequence[Quote] = ()


class Summary:
    """What the articles answer to the questions of a reader in a hurry.

    Parameters
    ----------
    study
        A fitted study.
    data
        What the page knows of it, from `page_data`.
    """

    def __init__(self, study: Study, data: dict[str, Any]) -> None:
        self.study, self.data = study, data
        self.quotes = Quotes(study)
        self.themes = {theme["id"]: theme for theme in data["themes"]}
        self.claims = {claim["claim_id"]: claim for claim in data["claims"]}
        self._passages: dict[str, str] = dict(study.claims.table[["claim_id", "passage_id"]].to_numpy().tolist())

    def answers(self) -> list[Answer]:
        """Answer every question that the corpus has something to say to."""
        found = (
            self._dependence(),
            self._controls(),
            self._suppliers(),
            self._disagreements(),
            self._subjects(),
            self._certainty(),
        )
        return [answer for answer in found if answer.lines or answer.quotes]

    def _dependence(self) -> Answer:
        known = [theme for theme in DEPENDENCE if theme in self.themes]
        spoken = self.quotes.passages(known)
        shares = {name for name, claim in self.claims.items() if claim["kind"] == SHARE}
        groups = [
            group
            for group in self.data["disagreements"]
            if shares.issuperset(group["claims"])
            and sum(self._passage_of(name) in spoken for name in group["claims"]) * 2 > len(group["claims"])
        ]
        groups = sorted(groups, key=lambda group: -group["n_articles"])[:MOST_SHARES]
        lines = [*map(self._reach, known), *map(self._statements, groups)]
        numbered = {self._passage_of(name) for name in shares}
        return Answer(key="who_depends", lines=lines, quotes=self.quotes.best(known[:1], MOST_QUOTES, prefer=numbered))

    def _controls(self) -> Answer:
        if CONTROLS not in self.themes:
            return Answer(key="controls_when")
        months = [row["month"] for row in self.themes[CONTROLS]["months"] if not row["n_articles"]]
        lines = [self._reach(CONTROLS), *([Line(say("empty_months", months=", ".join(months)))] if months else [])]
        return Answer(key="controls_when", lines=lines, quotes=self.quotes.dated(CONTROLS, MOST_DATES))

    def _suppliers(self) -> Answer:
        rows = [row for row in self.data["suppliers"] if row["role"] not in NOT_SUPPLYING]
        names = {row["country"]: row for row in rows}
        found = dict(countries_by_articles(rows))
        themes = {country: f"{SUPPLIER}{country}" for country in found}
        real = {country: self._real(theme)[0] if theme in self.themes else 0 for country, theme in themes.items()}
        # The sort keeps the order of equals: that of the articles which name them.
        ranked = sorted(found, key=lambda country: -real[country])[:MOST_COUNTRIES]
        lines = [self._roles(names[country], n=found[country], real=real[country]) for country in ranked]
        quotes = [quote for country in ranked[:MOST_QUOTES] for quote in self.quotes.best([themes[country]], 1)]
        return Answer(key="who_could_supply", lines=lines, quotes=quotes)

    def _disagreements(self) -> Answer:
        groups = self.data["disagreements"]
        open_ = [group for group in groups if group["verdict"] in OPEN]
        open_.sort(key=lambda group: (OPEN.index(group["verdict"]), -group["n_articles"]))
        lines = [*map(self._statements, open_[:MOST_GROUPS])]
        if groups:
            n = sum(group["verdict"].startswith(AGREED) for group in groups)
            lines.append(Line(say("agreed", n=n, total=len(groups))))
        return Answer(key="where_disagree", lines=lines)

    def _statements(self, group: dict[str, Any]) -> Line:
        """Put the statements of a group side by side, each value once."""
        claims = sorted((self.claims[name] for name in group["claims"]), key=lambda claim: claim["value"])
        each = {claim["printed"]: claim for claim in reversed(claims)}
        verdict = words()[f"verdict_{group['verdict'].replace(' ', '_')}"]
        links = [self._link(claim) for claim in reversed(each.values())]
        name = {lang: f"{text[:1].upper()}{text[1:]}" for lang, text in _both(group, "subject")["name"].items()}
        return Line(say("disagree_on", verdict=verdict, name=name), links)

    def _link(self, claim: dict[str, Any]) -> Link:
        quote = replace(self.quotes.of_passage(self._passage_of(claim["claim_id"])), at=claim["at"])
        return Link(qualified(claim["qualifier"], claim["printed"]), quote)

    def _passage_of(self, claim_id: str) -> str:
        return self._passages[claim_id]

    def _subjects(self) -> Answer:
        """Say what the articles are about where none of the package's questions fits."""
        if any(theme in self.themes for theme in (*DEPENDENCE, CONTROLS)):
            return Answer(key="what_about")
        strongest = sorted(self.themes, key=lambda theme: -self._real(theme)[0])[:MOST_QUOTES]
        topics = sorted(self.data["topics"], key=lambda topic: -topic["share"])[:MOST_QUOTES]
        lines = [*map(self._reach, strongest)]
        lines += [Line(say("topic_share", share=topic["share"], **_both(topic, "label"))) for topic in topics]
        return Answer(key="what_about", lines=lines, quotes=self.quotes.best(strongest[:1], MOST_QUOTES))

    def _certainty(self) -> Answer:
        scores, articles, topics = self.study.scores, self.data["articles"], self.data["topics"]
        source, n = Counter(article["source"] for article in articles).most_common(1)[0]
        lines = [
            say("sure_source", n=n, total=len(articles), source=source or "?"),
            *([say("sure_topics", n=scores["n_topics"], stability=scores["topic_stability"])] if topics else []),
            say("sure_clusters", n=scores["n_clusters"], confidence=scores["cluster_confidence"]),
        ]
        if self.themes:
            total = len(self.study.corpus.passages)
            lines.append(say("sure_rest", n=self.data["unexplained"], total=total))
        return Answer(key="how_sure", lines=[*map(Line, lines)])

    def _reach(self, theme: str) -> Line:
        """Say how many articles and sources speak of a theme, and how sure that is."""
        n, sources, confidence = self._real(theme)
        total = len(self.data["articles"])
        name = _both(self.themes[theme], "title")
        return Line(say("theme_in", n=n, total=total, sources=sources, confidence=confidence, **name))

    def _real(self, theme: str) -> tuple[int, int, float]:
        strong = {
            name: sure for name, (strength, sure) in self.themes[theme]["articles"].items() if strength >= REAL_PART
        }
        sources = {self.study.corpus[name].source for name in strong}
        return len(strong), len(sources), sum(strong.values()) / max(len(strong), 1)

    def _roles(self, row: dict[str, Any], *, n: int, real: int) -> Line:
        roles: dict[str, set[str]] = defaultdict(set)
        for other in self.data["suppliers"]:
            if other["country"] == row["country"]:
                roles[other["role"]].add(other["article"])
        counted = sorted(roles.items(), key=lambda item: (-len(item[1]), item[0]))
        listed = {
            lang: ", ".join(f"{words()[_role_key(role)][lang]} {len(articles)}" for role, articles in counted)
            for lang in LANGUAGES
        }
        total = len(self.data["articles"])
        return Line(say("supplier_in", n=n, real=real, total=total, roles=listed, **_both(row, "country")))


def _both(row: dict[str, Any], field: str) -> dict[str, dict[str, str]]:
    return {"name": {lang: row[f"{field}_{lang}"] for lang in LANGUAGES}}


def qualified(qualifier: str, printed: str) -> Said:
    """Put the qualifier of a number before it, in each language."""
    known = words()[f"qualifier_{qualifier.replace(' ', '_')}"] if qualifier else dict.fromkeys(LANGUAGES, "")
    return {lang: f"{known[lang]} {printed}".strip() for lang in LANGUAGES}


def _role_key(role: str) -> str:
    return "role_" + role.replace("-", "_").replace(" ", "_")
