"""What the texts of a study say, read from them when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rare_topics.claims import Claim, Claims
from rare_topics.study.alike import Alike
from rare_topics.themes import PackedMatch, ThemeFinder, Themes
from rare_topics.vectorize.vectorizer import ConceptVectorizer

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
        return self.finder.find_themes(self.corpus, passage_topics=self.mixtures)

    @cached_property
    def claims(self) -> Claims:
        """What the articles state in numbers, and where they disagree."""
        return Claims(self.corpus, lexicon=self.vectorizer_.lexicon_, segmenter=self.vectorizer_.segmenter_)

    @property
    def mixtures(self) -> NDArray[np.float64]:
        """Topics of each passage where passages have their own, or of each article."""
        return self.doc_topic if self.passage_topic is None else self.passage_topic

    def take_themes(self, found: Iterable[PackedMatch]) -> None:
        """Make `themes` from what has been found in the articles elsewhere."""
        vars(self)["themes"] = self.finder.themes_from_matches(self.corpus, found, passage_topics=self.mixtures)

    def take_claims(self, claims: Iterable[Claim]) -> None:
        """Make `claims` from those that have been read in the articles elsewhere."""
        words = self.vectorizer_
        vars(self)["claims"] = Claims(self.corpus, lexicon=words.lexicon_, segmenter=words.segmenter_, claims=claims)
