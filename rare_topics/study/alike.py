"""How alike the articles of a study are."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.projection.neighbors import MAX_EXACT_ROWS, nearest_rows, similar_pairs
from rare_topics.study.counted import Counted
from rare_topics.vectorize.concept_space import ConceptSpace, rowwise_kronecker

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

ALL_PAIRS_UP_TO, NEAREST = 500, 10
# In a large collection the nearest are looked for among so many that are near by their vectors.
CANDIDATES = 40


class Alike(Counted):
    """Articles of a study, compared with each other."""

    space_: ConceptSpace
    by_passage: bool
    vectors: NDArray[np.float64]
    doc_topic: NDArray[np.float64]

    @property
    def comparable(self) -> sparse.csr_array | NDArray[np.float64]:
        """Rows whose inner product says how alike two articles are.

        Few articles share few words, so there the cosine of two vectors is multiplied by the
        affinity of their topics (Bhattacharyya 1943): both have to agree.
        """
        if self.by_passage:
            return rowwise_kronecker(self.vectors, np.sqrt(self.doc_topic))
        return self.space_.comparable(self.counts)

    @cached_property
    def similar(self) -> pd.DataFrame:
        """Similarity of articles: all pairs of a small corpus, else each one's ten nearest."""
        import pandas as pd

        ids = [article.article_id for article in self.corpus]
        nearest = None if len(ids) <= ALL_PAIRS_UP_TO else NEAREST
        candidates = nearest_rows(self.vectors, CANDIDATES).rows if len(ids) > MAX_EXACT_ROWS else None
        pairs = similar_pairs(self.comparable, n_neighbors=nearest, candidates=candidates)
        return pd.DataFrame(
            [(ids[one], ids[other], round(float(value), 4)) for one, other, value in pairs],
            columns=["article_id", "other_id", "similarity"],
        )
