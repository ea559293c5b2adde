"""Which articles of a study tell a story that another has told before."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.corpus.corpus import Corpus
from rare_topics.study.rows import article_of_passages
from rare_topics.vectorize.story_groups import Pair, stories, translations

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray


class Counted:
    """Articles of a study, each story counted once."""

    corpus: Corpus
    counts: sparse.csr_array

    @property
    def passage_article(self) -> NDArray[np.int64]:
        """Position of the article of each passage, of shape (n_passages,)."""
        return article_of_passages(self.corpus)

    @cached_property
    def repeats(self) -> pd.DataFrame:
        """Articles that repeat an earlier one, with small edits or in the other language."""
        import pandas as pd

        ids = [article.article_id for article in self.corpus]
        best: dict[int, Pair] = {}
        for pair in self._pairs:
            for row in {pair.one, pair.other} - {int(self._stories[pair.one])}:
                best[row] = max(best.get(row, pair), pair, key=lambda found: (found.similarity, found.kind))
        return pd.DataFrame(
            [(ids[row], ids[self._stories[row]], best[row].kind, best[row].similarity) for row in sorted(best)],
            columns=["article_id", "first_id", "kind", "similarity"],
        )

    @cached_property
    def counted(self) -> NDArray[np.bool_]:
        """Whether an article is the first of its story, of shape (n_articles,); shares are counted over these."""
        return np.asarray(self._stories == np.arange(len(self.corpus)))

    @cached_property
    def _stories(self) -> NDArray[np.int64]:
        return stories(len(self.corpus), self._pairs)

    @cached_property
    def _pairs(self) -> list[Pair]:
        position = {article.article_id: row for row, article in enumerate(self.corpus)}
        copies = [
            Pair(position[one], position[other], value, "copy") for one, other, value in self.corpus.near_duplicates
        ]
        langs = [article.body_lang for article in self.corpus]
        return [*copies, *translations(self.counts, langs, [article.published for article in self.corpus])]
