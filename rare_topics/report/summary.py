"""The report in one minute: sentences counted from the data, each with quotes to follow."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rare_topics.report.narratives import countries_by_articles
from rare_topics.report.numbers import AGREED
from rare_topics.report.offsets import Places
from rare_topics.report.words import LANGUAGES, Said, say, words

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
MOST_QUOTES, MOST_DATES, MOST_COUNTRIES, MOST_GROUPS, MOST_SHARES = 3, 8, 8, 6, 3
# A quote longer than this is not read within a minute.
LONG = 320
CLEAR = 0.5
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """Words of an article, and where they stand."""

    text: str
    lang: str
    article: str
    at: str
    date: str
    source: str


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
    quotes: Sequence[Quote] = field(default=())


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
        self.places = Places(study.corpus)
        self.themes = {theme["id"]: theme for theme in data["themes"]}
        self.claims = {claim["claim_id"]: claim for claim in data["claims"]}
        self._passages: dict[str, str] = dict(study.claims.table[["claim_id", "passage_id"]].to_numpy().tolist())
        self.evidence = study.themes.evidence.merge(study.themes.table, on=["article_id", "theme"])

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
        spoken = set(self.evidence.loc[self.evidence["theme"].isin(known), "passage_id"])
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
        return Answer(key="who_depends", lines=lines, quotes=self._best(known[:1], MOST_QUOTES, prefer=numbered))

    def _controls(self) -> Answer:
        if CONTROLS not in self.themes:
            return Answer(key="controls_when")
        chosen = self._dated()
        months = [row["month"] for row in self.themes[CONTROLS]["months"] if not row["n_articles"]]
        lines = [self._reach(CONTROLS), *([Line(say("empty_months", months=", ".join(months)))] if months else [])]
        return Answer(key="controls_when", lines=lines, quotes=chosen)

    def _suppliers(self) -> Answer:
        rows = [row for row in self.data["suppliers"] if row["role"] not in NOT_SUPPLYING]
        names = {row["country"]: row for row in rows}
        ranked = countries_by_articles(rows)[:MOST_COUNTRIES]
        lines = [self._roles(names[country], n) for country, n in ranked]
        quotes = [quote for country, _ in ranked[:MOST_QUOTES] for quote in self._best([f"{SUPPLIER}{country}"], 1)]
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
        quote = replace(self._quote(self._passage_of(claim["claim_id"])), at=claim["at"])
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
        return Answer(key="what_about", lines=lines, quotes=self._best(strongest[:1], MOST_QUOTES))

    def _certainty(self) -> Answer:
        scores, articles = self.study.scores, self.data["articles"]
        source, n = Counter(article["source"] for article in articles).most_common(1)[0]
        lines = [
            say("sure_source", n=n, total=len(articles), source=source or "?"),
            say("sure_topics", n=scores["n_topics"], stability=scores["topic_stability"]),
            say("sure_clusters", n=scores["n_clusters"], confidence=scores["cluster_confidence"]),
        ]
        if self.themes:
            total = len(self.places.passages)
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

    def _best(self, themes: Iterable[str], most: int, *, prefer: Collection[str] = ()) -> list[Quote]:
        """Quote the clearest passages of themes, one an article, both languages before a second of one."""
        wanted = self.evidence[self.evidence["theme"].isin(list(themes))]
        ranked: dict[str, list[str]] = defaultdict(list)
        seen: set[str] = set()
        for passage_id, article_id in self._ranked(wanted, prefer):
            if article_id not in seen:
                seen.add(article_id)
                ranked[self.study.corpus[article_id].body_lang].append(passage_id)
        turns = sorted((turn, lang) for lang, found in ranked.items() for turn in range(len(found)))
        return [self._quote(ranked[lang][turn]) for turn, lang in turns[:most]]

    def _ranked(self, evidence: Any, prefer: Collection[str] = ()) -> list[tuple[str, str]]:  # noqa: ANN401 - a DataFrame
        """Order evidence: body before headline, what is preferred, of its own year, short, strong and clear first."""
        rows = evidence[["passage_id", "article_id", "score", "strength", "confidence"]].to_numpy().tolist()

        def order(row: list[Any]) -> tuple[Any, ...]:
            passage = self.places.passages[row[0]]
            published = self.study.corpus[row[1]].published
            years = {int(year) for year in _YEAR.findall(passage.text)}
            elsewhen = bool(published and years - {published.year})
            return (
                passage.kind == "title",
                row[0] not in prefer,
                elsewhen,
                len(passage.text) > LONG,
                -row[3],
                -row[2],
                -row[4],
                row[0],
            )

        return [(row[0], row[1]) for row in sorted(rows, key=order)]

    def _dated(self) -> list[Quote]:
        """Quote what the controls did, by the dates that the texts name, else by month of publication."""
        evidence = self.evidence[(self.evidence["theme"] == CONTROLS) & (self.evidence["score"] >= CLEAR)]
        ranked = self._ranked(evidence)
        events = self.study.themes.events
        named = events[~events["suspect"].astype(bool)].groupby("passage_id")["date"].first().to_dict()
        dated: dict[str, tuple[str, str]] = {}
        for passage_id, article_id in ranked:
            published = self.study.corpus[article_id].published
            date = str(named.get(passage_id) or (f"{published:%Y-%m}" if published else ""))
            if date:
                dated.setdefault(date, (passage_id, date))
        months = {date[:7] for date in dated if len(date) > len("2025-10")}
        chosen = [item for date, item in sorted(dated.items()) if len(date) > len("2025-10") or date not in months]
        return [self._quote(passage_id, date=date) for passage_id, date in chosen[-MOST_DATES:]]

    def _roles(self, row: dict[str, Any], n: int) -> Line:
        roles: dict[str, set[str]] = defaultdict(set)
        for other in self.data["suppliers"]:
            if other["country"] == row["country"]:
                roles[other["role"]].add(other["article"])
        counted = sorted(roles.items(), key=lambda item: (-len(item[1]), item[0]))
        listed = {
            lang: ", ".join(f"{words()[_role_key(role)][lang]} {len(articles)}" for role, articles in counted)
            for lang in LANGUAGES
        }
        return Line(say("supplier_in", n=n, total=len(self.data["articles"]), roles=listed, **_both(row, "country")))

    def _quote(self, passage_id: str, date: str = "") -> Quote:
        passage = self.places.passages[passage_id]
        article = self.study.corpus[passage.article_id]
        printed = f"{article.published:%Y-%m-%d}" if article.published else ""
        return Quote(
            text=passage.text,
            lang="zh-Hans" if (article.title_lang if passage.kind == "title" else article.body_lang) == "zh" else "en",
            article=article.article_id,
            at=self.places.of_passage(passage_id)["at"],
            date=date or printed,
            source=article.source,
        )


def _both(row: dict[str, Any], field: str) -> dict[str, dict[str, str]]:
    return {"name": {lang: row[f"{field}_{lang}"] for lang in LANGUAGES}}


def qualified(qualifier: str, printed: str) -> Said:
    """Put the qualifier of a number before it, in each language."""
    known = words()[f"qualifier_{qualifier.replace(' ', '_')}"] if qualifier else dict.fromkeys(LANGUAGES, "")
    return {lang: f"{known[lang]} {printed}".strip() for lang in LANGUAGES}


def _role_key(role: str) -> str:
    return "role_" + role.replace("-", "_").replace(" ", "_")
