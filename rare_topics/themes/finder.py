"""Finding themes: a corpus in, its themes out."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import TYPE_CHECKING

from rare_topics.clauses.passage_reader import PassageReader
from rare_topics.corpus.corpus import Corpus
from rare_topics.corpus.languages import Label
from rare_topics.runtime.parallel import BATCH_SIZE, map_batches
from rare_topics.themes.matcher import ThemeMatcher
from rare_topics.themes.matches import PackedMatch, ThemeMatch, unpack_statement
from rare_topics.themes.theme_file import read_supply_domain, read_themes
from rare_topics.themes.themes import Themes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# More passages than an article has, almost always, and more sets of frames than are common.
HELD_AT_ONCE = 10_000


class ThemeFinder:
    """Find themes in a corpus.

    Parameters
    ----------
    themes
        A theme file instead of the package's, in the format of ``data/themes.toml``.
    lexicon
        A lexicon file whose forms go before those of the package.
    role_encoder
        Whether a sentence model reads the roles of countries as well; needs the extra ``encoder``.
    random_state
        Seed of the bootstrap intervals over time.

    Attributes
    ----------
    themes : tuple of Theme
        The themes to look for.
    reader : PassageReader
        Finds the concepts of passages.
    supply_domain : SupplyDomain
        What suppliers and acts of control are about.
    matcher : ThemeMatcher
        Matches the themes against batches of articles.

    Raises
    ------
    InputError
        If a file is not in its format; the message names the line.

    Examples
    --------
    >>> from rare_topics import read_pages
    >>> themes = ThemeFinder().find_themes(read_pages("seeds"))
    >>> int(themes["us_dependence"].strength["strength"].max())
    3
    """

    def __init__(
        self,
        themes: str | Path | None = None,
        *,
        lexicon: str | Path | None = None,
        role_encoder: bool = False,
        random_state: int = 0,
    ) -> None:
        self.random_state = random_state
        self.reader = PassageReader(lexicon)
        concepts = self.reader.lexicon.concepts
        self._countries = [name for name, concept in concepts.items() if concept.category == "country"]
        # An alliance such as the European Union buys and supplies as a country does.
        self._actors = [name for name, concept in concepts.items() if concept.category in {"country", "alliance"}]
        self.themes = read_themes(
            themes,
            concepts={name: concept.category for name, concept in concepts.items()},
            countries=self._countries,
        )
        self.supply_domain = read_supply_domain(
            concepts={name: concept.category for name, concept in concepts.items()}, countries=self._countries
        )
        self.matcher = ThemeMatcher(
            self.themes, self.reader, self.supply_domain, asks_clauses=themes is None, role_encoder=role_encoder
        )

    def find_themes(self, corpus: Corpus, *, passage_topics: NDArray[np.float64] | None = None) -> Themes:
        """Match the themes against a corpus.

        Parameters
        ----------
        corpus
            The articles.
        passage_topics
            Weight of each topic in each passage, of shape (n_passages, n_topics), to relate themes
            and topics by; or in each article, of shape (n_articles, n_topics).

        Returns
        -------
        Themes
        """
        matches = (
            match._replace(article=batch_number * BATCH_SIZE + match.article)
            for batch_number, batch in enumerate(map_batches(self.matcher, corpus.articles, batch_size=BATCH_SIZE))
            for match in batch
        )
        themes = self.themes_from_matches(corpus, matches, passage_topics=passage_topics)
        self.reader.lexicon.save_caches()
        return themes

    def themes_from_matches(
        self, corpus: Corpus, matches: Iterable[PackedMatch], *, passage_topics: NDArray[np.float64] | None = None
    ) -> Themes:
        """Make the themes of a corpus from matches, wherever they were found.

        Parameters
        ----------
        corpus
            The articles.
        matches
            As `matcher` returns them, but numbered by the articles of the corpus.
        passage_topics
            As for `find_themes`.

        Returns
        -------
        Themes
        """
        lexicon, bounds = self.reader.lexicon, corpus.passages.bounds.tolist()
        # What several matches have in common is held once.
        passage_in = lru_cache(maxsize=HELD_AT_ONCE)(corpus.passages.__getitem__)
        frame_matches = lru_cache(maxsize=HELD_AT_ONCE)(self.matcher.frame_matches)
        unpacked = tuple(
            ThemeMatch(
                intern(match.theme),
                passage_in(bounds[match.article] + match.passage),
                match.score,
                frame_matches(match.frame_matches),
                tuple(map(unpack_statement, match.statements)),
                match.strength,
            )
            for match in matches
        )
        return Themes(
            corpus,
            self.themes,
            unpacked,
            country_labels={
                name: Label(zh=lexicon.label(name, "zh"), en=lexicon.label(name, "en")) for name in self._actors
            },
            passage_topics=passage_topics,
            random_state=self.random_state,
        )
