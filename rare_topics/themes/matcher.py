"""Matching themes: which passages of an article speak of which theme, and how clearly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from rare_topics.clauses.clauses import Clause, ClauseReader
from rare_topics.clauses.passage_reader import DOER, NamedText, PassageReader
from rare_topics.corpus.passage_splitter import split_passages
from rare_topics.corpus.records import Article, Passage
from rare_topics.encoder.role_encoder import load_role_encoder
from rare_topics.themes import events, suppliers
from rare_topics.themes.frames import Frame, FrameIndex, FrameMatch, IndexedMentions, match_frame
from rare_topics.themes.learned_strength import PASSAGE_FILE, SUPPLIERS, THEMES, learned_strength, theme_probabilities
from rare_topics.themes.linear_model import load_model
from rare_topics.themes.matches import (
    ControlStatement,
    PackedMatch,
    Statement,
    SupplyStatement,
    ThemeMatch,
    pack_statement,
)
from rare_topics.themes.strength import LEAST_CONFIDENCE, Strength, article_strength
from rare_topics.themes.supply_domain import SupplyDomain
from rare_topics.themes.supply_facts import DENIED, SupplyFact, supply_rows
from rare_topics.themes.theme_features import (
    passage_features,
    roles_of_countries,
    supplier_features,
    supply_probabilities,
    theme_features,
)
from rare_topics.themes.theme_file import SUPPLYING_ROLES, Theme

# Share of its heading's score that a passage under the heading inherits; chosen by hand on the seed pages.
HEADING_SHARE = 0.4
# Probability from which on a passage raises a theme where its frames fit: below, nothing else speaks for it.
LEAST_OF_FRAMES = 0.001
# Probability from which on a passage is quoted for a supplier that is a real part of its article. Of .5, .4 and .3
# this one reads sets and authors that were left out best.
LEAST_OF_SUPPLY = 0.3
# Characters of the articles whose words are looked up at once.
CHARS_AT_ONCE = 1_000_000


class ArticleReading(NamedTuple):
    """What an article says, before it is weighed.

    Attributes
    ----------
    passages
        All of the article, its title among them.
    matches
        By frames and clauses; see `ThemeMatch`.
    facts
        Roles of countries, however likely.
    stated
        What passages state, as matches without a theme.
    countries
        Those that may supply, of each passage.
    features
        Of each passage; see `theme_features.passage_features`. Empty where nothing is learned: where the article
        names no goods of the trade, or themes are a user's own.
    """

    passages: Sequence[Passage]
    matches: Sequence[ThemeMatch]
    facts: Sequence[SupplyFact]
    stated: Sequence[ThemeMatch]
    countries: Sequence[frozenset[str]]
    features: Sequence[set[str]]

    def by_frames(self, theme: Theme, name: str) -> Strength:
        """Return the strength of a theme by the scores of its matches alone."""
        matches = [one for one in self.matches if one.theme == name and one.score]
        if not matches:
            return Strength(0, 1.0, 0.0)
        scores = {one.passage.passage_id: one.score for one in matches}
        is_clear = any(one.is_clear for one in matches)
        return article_strength(self.passages, scores, weight=theme.weight, is_clear=is_clear)


class ThemeMatcher:
    """Match themes against batches of articles.

    Parameters
    ----------
    themes
        The themes to look for.
    reader
        Finds the concepts of passages.
    domain
        What suppliers and acts of control are about.
    asks_clauses
        Whether themes of suppliers and of controls go by what clauses state: so do those of the package.
    role_encoder
        Whether a sentence model reads the roles of countries as well.
    """

    def __init__(
        self,
        themes: Sequence[Theme],
        reader: PassageReader,
        domain: SupplyDomain,
        *,
        asks_clauses: bool = True,
        role_encoder: bool = False,
    ) -> None:
        self.themes = themes
        self.reader = reader
        self.domain = domain
        self.asks_clauses = asks_clauses
        self.role_encoder = role_encoder
        self._clauses = ClauseReader(reader, cue_files=(suppliers.CUE_FILE, events.CUE_FILE))
        self._frames = [frame for theme in themes for frame in theme.frames]
        self._index = FrameIndex(theme.frames for theme in themes)
        self._concepts = (
            self._index.concepts
            | domain.goods
            | domain.other_goods
            | domain.companies
            | load_model(suppliers.WEIGHT_FILE).concepts
            | events.load_control_models().directions.concepts
            | load_model(PASSAGE_FILE).concepts
        )

    def __call__(self, articles: Sequence[Article]) -> list[PackedMatch]:
        """Return the matches of a batch of articles, in the order of its articles."""
        frame_numbers = {id(frame): number for number, frame in enumerate(self._frames)}
        packed = []
        for article_number, (passages, named) in enumerate(self._split(articles)):
            passage_numbers = {passage.passage_id: number for number, passage in enumerate(passages)}
            for match in self._weighed(self._read_article(passages, named, articles[article_number].published)):
                frame_matches = tuple((frame_numbers[id(frame)], country) for frame, country in match.frame_matches)
                passage_number = passage_numbers[match.passage.passage_id]
                statements = tuple(pack_statement(statement) for statement in match.statements)
                packed.append(
                    PackedMatch(
                        article_number,
                        passage_number,
                        match.theme,
                        match.score,
                        frame_matches,
                        statements,
                        match.strength,
                    )
                )
        return packed

    def frame_matches(self, packed: tuple[tuple[int, str], ...]) -> tuple[FrameMatch, ...]:
        """Return the frames of a packed match."""
        return tuple(FrameMatch(self._frames[number], country) for number, country in packed)

    def _split(self, articles: Sequence[Article]) -> Iterator[tuple[Sequence[Passage], Sequence[NamedText]]]:
        """Yield the passages of each article, and its texts as `_name` returns them."""
        for block in _blocks(articles):
            passages = list(map(split_passages, block))
            named = iter(self._name(passages))
            yield from ((own, list(islice(named, len(own) + len(_sections(own))))) for own in passages)

    def _name(self, passages: Sequence[Sequence[Passage]]) -> list[NamedText]:
        """Find what the words of each article name: of its passages, then of the headings above them."""
        texts = (text for own in passages for text in (*(passage.text for passage in own), *_sections(own)))
        return self.reader.name_concepts(list(texts), concepts=self._concepts)

    def read_article(self, passages: Sequence[Passage], *, published: datetime | None = None) -> ArticleReading:
        """Return what an article says, before it is weighed.

        Parameters
        ----------
        passages
            All passages of the article, its title among them.
        published
            When the article was published.
        """
        return self._read_article(passages, self._name([passages]), published)

    def _read_article(
        self, passages: Sequence[Passage], named: Sequence[NamedText], published: datetime | None
    ) -> ArticleReading:
        texts = self._read_passages(passages, named)
        sections = {one.text: self._read(one) for one in named[len(passages) :]}
        article_concepts = frozenset(mention.concept for text in texts for mention in text.passage.mentions)
        in_headline = _headline_countries(passages, texts)
        matches: list[ThemeMatch] = []
        stated: list[ThemeMatch] = []
        facts: list[SupplyFact] = []
        is_of_trade = self.domain.may_be_named_in((passage.text for passage in passages), article_concepts)
        if is_of_trade:
            clauses = self._read_clauses(passages, texts, published)
            # Loaded where it is needed, once a process: it is too large to be sent to others.
            encoder = load_role_encoder() if self.role_encoder else None
            facts = suppliers.find_supply_facts(clauses, self.domain, encoder=encoder)
            stated = list(self._statements(passages, clauses, facts))
        read = _ReadArticle(passages, texts, sections, article_concepts, in_headline)
        spoken_of = set[int]().union(*(text.candidates for text in (*texts, *sections.values())))
        for number, theme in enumerate(self.themes):
            if number in spoken_of or (stated and theme.is_stated):
                matches += self._matches_of_theme(number, theme, read, stated)
        countries = [
            self.domain.countries.intersection(mention.country for mention in text.passage.mentions) for text in texts
        ]
        lead = next((passage for passage in passages if passage.kind not in {"title", "heading"}), None)
        features = [
            passage_features(passage, text.passage.mentions, is_lead=passage is lead)
            for passage, text in zip(passages, texts, strict=True)
            if self.asks_clauses and is_of_trade
        ]
        return ArticleReading(passages, matches, facts, stated, countries, features)

    def _matches_of_theme(
        self, number: int, theme: Theme, read: _ReadArticle, stated: Sequence[ThemeMatch]
    ) -> Iterator[ThemeMatch]:
        """Return the matches of one theme by frames and clauses, in the order of the passages."""
        statements_of = {match.passage.passage_id: match.statements for match in stated}
        headline_countries = frozenset() if theme.per_country else read.headline_countries
        matches_of_texts = [text.matches(number, headline_countries, read.concepts) for text in read.texts]
        if theme.per_country and read.headline_countries:
            # A country of the headline acts where no actor is named only if it acts somewhere in the article.
            acting = {country for found in matches_of_texts for country in _scores(found, theme)}
            headline_countries = read.headline_countries & acting
            if headline_countries:
                matches_of_texts = [text.matches(number, headline_countries, read.concepts) for text in read.texts]
        # A heading stands over many passages, and is read once.
        scores_of_heading = {
            name: _scores(section.matches(number, headline_countries, read.concepts), theme)
            for name, section in read.sections.items()
        }
        for passage, text, frame_matches in zip(read.passages, read.texts, matches_of_texts, strict=True):
            section = read.sections[passage.section]
            statements = statements_of.get(passage.passage_id, ())
            said = _said_of(theme, statements) if self.asks_clauses else {}
            if number not in text.candidates and number not in section.candidates and not said:
                continue
            heading_scores = scores_of_heading[passage.section]
            found = _theme_matches(theme, passage, frame_matches, heading_scores)
            yield from _ask_clauses(found, theme, passage, stated, said) if self.asks_clauses else found

    def _weighed(self, reading: ArticleReading) -> Iterator[ThemeMatch]:
        """Return the matches of an article with the scores and strengths that were learned, where a theme has any.

        They come by theme, then in the order of the passages; what passages state comes last.
        """
        yield from self._weighed_themes(reading) if reading.features else reading.matches
        yield from reading.stated

    def _weighed_themes(self, reading: ArticleReading) -> Iterator[ThemeMatch]:
        probabilities = theme_probabilities(reading.features)
        for theme in self.themes:
            if theme.name in probabilities:
                yield from _weighed_theme(theme, reading, probabilities[theme.name])
            elif theme.role == "suppliers" and theme.per_country:
                yield from _weighed_suppliers(theme, reading)
            else:
                yield from (match for match in reading.matches if match.theme == theme.name)

    def read_clauses(self, passages: Sequence[Passage], *, published: datetime | None = None) -> Sequence[Clause]:
        """Return the clauses of an article, as suppliers and acts of control are read from them.

        Parameters
        ----------
        passages, published
            As for `read_article`.
        """
        return self._read_clauses(passages, self._read_passages(passages, self._name([passages])), published)

    def _read_clauses(
        self, passages: Sequence[Passage], texts: Sequence[_ReadText], published: datetime | None
    ) -> Sequence[Clause]:
        # Clauses find the actors that they leave unnamed themselves.
        mentions = [[one for one in text.passage.mentions if not one.is_pronoun] for text in texts]
        return self._clauses.read_article(passages, mentions, published=published)

    def _statements(
        self, passages: Sequence[Passage], clauses: Sequence[Clause], facts: Sequence[SupplyFact]
    ) -> Iterator[ThemeMatch]:
        """Return what each passage states of suppliers and of acts of control."""
        stated: dict[str, list[Statement]] = {}
        for fact in supply_rows(facts):
            supply = SupplyStatement(fact.country, fact.role, fact.status, fact.stage, fact.confidence)
            stated.setdefault(fact.clause.passage.passage_id, []).append(supply)
        for act in events.find_control_acts(clauses, self.domain):
            control = ControlStatement(act.date, act.actor, act.direction, act.object, act.confidence)
            stated.setdefault(act.clause.passage.passage_id, []).append(control)
        for passage in passages:
            if passage.passage_id in stated:
                yield ThemeMatch("", passage, 0.0, (), tuple(stated[passage.passage_id]))

    def _read_passages(self, passages: Sequence[Passage], named: Sequence[NamedText]) -> list[_ReadText]:
        """Read the passages of an article, each with the country that the one before speaks of."""
        texts: list[_ReadText] = []
        topic = ""
        for passage, text in zip(passages, named, strict=False):
            texts.append(self._read(text, topic=topic))
            actors = [one.country for one in texts[-1].passage.mentions if one.country and one.case == DOER]
            # A title that names several is about none of them alone.
            if actors and (passage.kind != "title" or len(set(actors)) == 1):
                topic = actors[0]
        return texts

    def _read(self, text: NamedText, *, topic: str = "") -> _ReadText:
        mentions = self.reader.read_named(text, topic=topic)
        return _ReadText(IndexedMentions(mentions), self._index.candidates(mentions))


def _blocks(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Divide articles into blocks of some million characters, so that memory holds the words of few."""
    block: list[Article] = []
    length = 0
    for article in articles:
        block.append(article)
        length += len(article.body)
        if length >= CHARS_AT_ONCE:
            yield block
            block, length = [], 0
    if block:
        yield block


def _sections(passages: Sequence[Passage]) -> list[str]:
    """Return the headings above passages, each once."""
    return list(dict.fromkeys(passage.section for passage in passages))


class _ReadText(NamedTuple):
    """The concepts of a text, and by the number of their theme the frames that it can match."""

    passage: IndexedMentions
    candidates: Mapping[int, Sequence[Frame]]

    def matches(
        self, theme_number: int, headline_countries: frozenset[str], article_concepts: frozenset[str]
    ) -> list[FrameMatch]:
        """Return the matching frames of a theme."""
        return [
            match
            for frame in self.candidates.get(theme_number, ())
            for match in match_frame(
                frame, self.passage, headline_countries=headline_countries, article_concepts=article_concepts
            )
        ]


class _ReadArticle(NamedTuple):
    """The concepts of an article: of its passages, of the headings above them, of all, and who acts in its title."""

    passages: Sequence[Passage]
    texts: Sequence[_ReadText]
    sections: Mapping[str, _ReadText]
    concepts: frozenset[str]
    headline_countries: frozenset[str]


def _headline_countries(passages: Sequence[Passage], texts: Sequence[_ReadText]) -> frozenset[str]:
    """Return the countries that act in the title."""
    for passage, text in zip(passages, texts, strict=True):
        if passage.kind == "title":
            return frozenset(
                mention.country for mention in text.passage.mentions if mention.country and mention.case == DOER
            )
    return frozenset()


def _scores(frame_matches: Sequence[FrameMatch], theme: Theme) -> dict[str, float]:
    """Return the best score of each country that supplies; of a theme that is not per country under ``""``."""
    scores: dict[str, float] = {}
    for frame, country in frame_matches:
        if not frame.role or frame.role in SUPPLYING_ROLES:
            key = country if theme.per_country else ""
            scores[key] = max(scores.get(key, 0.0), frame.weight)
    return scores


def _theme_matches(
    theme: Theme, passage: Passage, frame_matches: Sequence[FrameMatch], heading_scores: Mapping[str, float]
) -> Iterator[ThemeMatch]:
    """Make the matches of one passage: one, or of a theme per country one for each country."""
    if not theme.per_country:
        by_country = {"": tuple(frame_matches)} if frame_matches or heading_scores else {}
    else:
        countries = {match.country for match in frame_matches}.union(heading_scores) - {""}
        by_country = {
            country: tuple(match for match in frame_matches if match.country == country)
            for country in sorted(countries)
        }
    scores = _scores(frame_matches, theme)
    for country, matches in by_country.items():
        score = min(1.0, scores.get(country, 0.0) + HEADING_SHARE * heading_scores.get(country, 0.0))
        if matches or score:
            yield ThemeMatch(theme.name_of(country), passage, round(score, 4), matches)


def _said_of(theme: Theme, statements: Sequence[Statement]) -> dict[str, Statement]:
    """Return the surest statement of a passage that a country supplies or controls, by the name of the theme."""
    said: dict[str, Statement] = {}
    for statement in statements:
        name = _theme_of(theme, statement)
        if name and (name not in said or said[name].confidence < statement.confidence):
            said[name] = statement
    return said


def _theme_of(theme: Theme, statement: Statement) -> str:
    """Return the name of the theme that a statement belongs to, or an empty one."""
    if isinstance(statement, SupplyStatement):
        supplies = statement.role in SUPPLYING_ROLES and statement.status != DENIED
        return theme.name_of(statement.country) if theme.role == "suppliers" and supplies else ""
    is_act = theme.controller and statement.actor == theme.controller
    return theme.name if is_act and statement.direction in _ACTS else ""


# Confidence from which on an act of control tells whose controls a passage is about; chosen by hand.
_SURE = 0.7
_ACTS = frozenset({events.TIGHTENED, events.EASED, events.STANDING, events.THREATENED})


def _ask_clauses(
    matches: Iterator[ThemeMatch],
    theme: Theme,
    passage: Passage,
    stated: Sequence[ThemeMatch],
    said: Mapping[str, Statement],
) -> Iterator[ThemeMatch]:
    """Let what clauses state decide: no supplier whom no clause calls one, no controls that are another country's."""
    left = dict(said)
    is_asked = theme.role == "suppliers" and theme.per_country
    names = {_theme_of(theme, one) for match in stated for one in match.statements} if is_asked else frozenset()
    for match in matches:
        if is_asked and match.theme not in names:
            continue
        if theme.controller and not left and _is_controlled_by_another(theme, passage, stated):
            continue
        statement = left.pop(match.theme, None)
        if statement is not None:
            score = max(match.score, statement.confidence)
            yield match._replace(score=score, statements=(statement,))
        else:
            yield match
    for name, statement in sorted(left.items()):
        yield ThemeMatch(name, passage, statement.confidence, (), (statement,))


def _is_controlled_by_another(theme: Theme, passage: Passage, stated: Sequence[ThemeMatch]) -> bool:
    actors = {
        statement.actor
        for match in stated
        if match.passage is passage
        for statement in match.statements
        if isinstance(statement, ControlStatement) and statement.direction in _ACTS and statement.confidence >= _SURE
    }
    return bool(actors) and theme.controller not in actors and "" not in actors


def _weighed_theme(theme: Theme, reading: ArticleReading, probabilities: Sequence[float]) -> Iterator[ThemeMatch]:
    """Return the passages that raise a theme, with the strength that was learned.

    They are those that are likely to, and those in which frames fit and nothing speaks against it.
    """
    matches = {one.passage.passage_id: one for one in reading.matches if one.theme == theme.name}
    found = []
    for passage, probability in zip(reading.passages, probabilities, strict=True):
        match = matches.get(passage.passage_id)
        if probability >= LEAST_CONFIDENCE or (match and match.score and probability >= LEAST_OF_FRAMES):
            match = match or ThemeMatch(theme.name, passage, 0.0, ())
            found.append(match._replace(score=max(match.score, round(probability, 4))))
    if not found:
        return
    features = theme_features(theme.name, reading.passages, probabilities, reading.by_frames(theme, theme.name))
    strength = learned_strength(THEMES, features, best=max(match.score for match in found))
    yield from (match._replace(strength=strength) for match in found)


def _weighed_suppliers(theme: Theme, reading: ArticleReading) -> Iterator[ThemeMatch]:
    """Return the passages that speak of each supplier, with the strength that was learned."""
    roles = roles_of_countries(reading.facts, reading.passages)
    for country in sorted(roles):
        name = theme.name_of(country)
        matches = [match for match in reading.matches if match.theme == name and match.score]
        supply = supply_probabilities(roles[country], len(reading.passages))
        if not matches and max(supply) >= LEAST_OF_SUPPLY:
            best = max(range(len(supply)), key=supply.__getitem__)
            matches = [ThemeMatch(name, reading.passages[best], round(supply[best], 4), ())]
        if not matches:
            continue
        by_frames = reading.by_frames(theme, name)
        features = supplier_features(country, reading.passages, reading.countries, roles, by_frames)
        strength = learned_strength(SUPPLIERS, features, best=max(match.score for match in matches))
        if strength.confidence >= LEAST_CONFIDENCE or by_frames.strength:
            yield from (match._replace(strength=strength) for match in matches)
