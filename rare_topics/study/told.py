"""What the texts of a study say, read from them anew whenever it is asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.claims import Claims
from rare_topics.study.alike import Alike
from rare_topics.themes import ThemeFinder, Themes
from rare_topics.vectorize import ConceptVectorizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Told(Alike):
    """Themes of a study with their evidence, and its claims."""

    lexicon: str | Path | None
    themes_file: str | Path | None
    random_state: int
    vectorizer_: ConceptVectorizer
    # None where articles are the documents of the topic model, and passages have their mixtures.
    passage_topic: NDArray[np.float64] | None

    @cached_property
    def finder(self) -> ThemeFinder:
        """What finds the themes that were asked for."""
        return ThemeFinder(self.themes_file, lexicon=self.lexicon, random_state=self.random_state)

    @cached_property
    def themes(self) -> Themes:
        """Narratives with their evidence, by name."""
        topics = self.doc_topic if self.passage_topic is None else self.passage_topic
        return self.finder.find(self.corpus, passage_topics=topics)

    @cached_property
    def claims(self) -> Claims:
        """What the articles state in numbers, and where they disagree."""
        return Claims(self.corpus, lexicon=self.vectorizer_.lexicon_, segmenter=self.vectorizer_.segmenter_)
