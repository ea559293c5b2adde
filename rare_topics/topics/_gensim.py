"""Topics as a model of gensim; the only file of this room that imports gensim."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gensim.corpora import Dictionary
    from gensim.models import LdaModel


def make_gensim_model(
    vocabulary: Sequence[str], *, components: NDArray[np.float64], alpha: NDArray[np.float64], eta: float
) -> LdaModel:
    """Make a gensim model of given topics.

    Parameters
    ----------
    vocabulary
        The words, in the order of the columns.
    components : ndarray of shape (n_topics, n_words)
        Expected counts of words in topics, with `eta` added.
    alpha : ndarray of shape (n_topics,)
        Prior of the mixtures.
    eta
        Prior of the topics' words.

    Returns
    -------
    gensim.models.LdaModel
        The same topics.

    Raises
    ------
    ValueError
        If the vocabulary has another length, or a word twice.
    """
    from gensim.models import LdaModel

    model = LdaModel(
        id2word=_dictionary(vocabulary, n_words=components.shape[1]),
        num_topics=len(components),
        alpha=alpha.astype(np.float32),
        eta=eta,
        random_state=0,
    )
    model.state.sstats = (components - eta).astype(np.float32)
    model.sync_state()
    return model


def _dictionary(vocabulary: Sequence[str], *, n_words: int) -> Dictionary:
    from gensim.corpora import Dictionary

    words = [str(word) for word in vocabulary]
    if len(words) != n_words or len(set(words)) != len(words):
        raise ValueError(
            f"vocabulary: expected {n_words} different words, one per column, "
            f"got {len(words)} of which {len(set(words))} differ; "
            "pass the words of the vectorizer that made the counts"
        )
    dictionary = Dictionary()
    dictionary.token2id = {word: column for column, word in enumerate(words)}
    dictionary.id2token = dict(enumerate(words))
    return dictionary
