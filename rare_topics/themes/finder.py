"""The step: a corpus in, its themes out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.corpus.corpus import Corpus
from rare_topics.runtime.parallel import BATCH_SIZE, map_batches
from rare_topics.themes.concept_signs import Reader
from rare_topics.themes.matcher import Found, Marker
from rare_topics.themes.theme_file import read_themes
from rare_topics.themes.themes import Themes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class ThemeFinder:
    """Find themes in a corpus.

    Parameters
    ----------
    themes
        A theme file instead of the package's, in the format of ``data/themes.toml``.
    lexicon
        A lexicon file whose forms go before those of the package.
    random_state
        Seed of the intervals over time.

    Raises
    ------
    InputError
        If a file is none; the message names the line.

    Examples
    --------
    >>> from rare_topics import read_pages
    >>> themes = ThemeFinder().find(read_pages("seeds"))
    >>> int(themes["us_dependence"].strength["strength"].max())
    3
    """

    def __init__(
        self, themes: str | Path | None = None, *, lexicon: str | Path | None = None, random_state: int = 0
    ) -> None:
        self.random_state = random_state
        self.reader = Reader(lexicon)
        concepts = self.reader.lexicon.concepts
        self.themes = read_themes(
            themes,
            concepts={name: concept.category for name, concept in concepts.items()},
            countries=[name for name, concept in concepts.items() if concept.category == "country"],
        )
        self.marker = Marker(self.themes, self.reader)

    def find(self, corpus: Corpus, *, passage_topics: NDArray[np.float64] | None = None) -> Themes:
        """Read a corpus.

        Parameters
        ----------
        corpus
            The articles.
        passage_topics
            Weight of each topic in each passage, of shape (n_passages, n_topics), to relate themes
            and topics by; or in each article, of shape (n_articles, n_topics).
        """
        found = (
            one._replace(article=number * BATCH_SIZE + one.article)
            for number, block in enumerate(map_batches(self.marker, corpus.articles))
            for one in block
        )
        themes = self.gather(corpus, found, passage_topics=passage_topics)
        self.reader.lexicon.keep()
        return themes

    def gather(
        self, corpus: Corpus, found: Iterable[Found], *, passage_topics: NDArray[np.float64] | None = None
    ) -> Themes:
        """Make the themes of a corpus from what was found in it, wherever that was.

        Parameters
        ----------
        corpus
            The articles.
        found
            What `marker` finds in them; an article's position is the one in the corpus.
        passage_topics
            As for `find`.
        """
        passages, lexicon = corpus.passages, self.reader.lexicon
        marks = tuple(self.marker.mark(one, passages[int(passages.bounds[one.article]) + one.passage]) for one in found)
        countries = [name for name, concept in lexicon.concepts.items() if concept.category == "country"]
        labels = {name: (lexicon.label(name, "zh"), lexicon.label(name, "en")) for name in countries}
        return Themes(
            corpus, self.themes, marks,
            labels=labels, passage_topics=passage_topics, random_state=self.random_state,
        )  # fmt: skip
