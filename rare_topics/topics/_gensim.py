"""The way to gensim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel


def lda_model(
    vocabulary: Sequence[str], *, components: NDArray[np.float64], alpha: NDArray[np.float64], eta: float
) -> LdaModel:
    """Return a gensim model whose topics have the parameters `components`."""
    from gensim.models import LdaModel

    model = LdaModel(
        id2word=_dictionary(vocabulary, columns=components.shape[1]),
        num_topics=len(components),
        alpha=alpha.astype(np.float32),
        eta=eta,
        random_state=0,
    )
    model.state.sstats = (components - eta).astype(np.float32)
    model.sync_state()
    return model


def _dictionary(vocabulary: Sequence[str], *, columns: int) -> Dictionary:
    from gensim.corpora import Dictionary

    words = [str(word) for word in vocabulary]
    if len(words) != columns or len(set(words)) != len(words):
        raise ValueError(
            f"vocabulary: expected {columns} different words, one per column, "
            f"got {len(words)} of which {len(set(words))} differ; "
            "pass the words of the vectorizer that made the counts"
        )
    dictionary = Dictionary()
    dictionary.token2id = {word: column for column, word in enumerate(words)}
    dictionary.id2token = dict(enumerate(words))
    return dictionary
