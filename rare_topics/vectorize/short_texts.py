"""Short texts, such as titles: concepts are alike that stand beside the same others, or are written alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from rare_topics.corpus.languages import is_han

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Texts that name at most so many concepts on average are short. Of five labelled collections, cut to titles, 20, 40 or
# 80 characters or 12 to 60 words, nearly all gain in that range (of 60 words, Reuters loses .04 of NMI and BBC .03);
# whole articles, of 40 concepts and more, lose.
MOST_CONCEPTS = 20
# Directions; 15 to 60 differ little on each of those collections.
N_COMPONENTS = 30
# Their weight beside the directions of texts, of 1 to 3: on each of those collections within .05 of the best.
WEIGHT = 1.5
# Power of a context's frequency: rare contexts otherwise get too much (Levy, Goldberg and Dagan 2015).
CONTEXT_POWER = 0.75


def are_short(counts: sparse.csr_array) -> bool:
    """Tell whether texts name so few concepts that two on one subject seldom share one.

    Parameters
    ----------
    counts : csr_array of shape (n_texts, n_concepts)
    """
    return bool(counts.nnz <= MOST_CONCEPTS * counts.shape[0])


def concept_directions(
    counts: sparse.csr_array, *, names: Sequence[str] | None, random_state: int | None
) -> NDArray[np.float64]:
    """Describe concepts by what they stand beside in texts, and by the characters they are written with.

    Positive pointwise mutual information of what stands in one text, its leading singular vectors
    with the root of their values (Bullinaria and Levy 2007; Levy, Goldberg and Dagan 2015). The
    characters of Chinese names are counted as well: 港股 and 股市 share one, and a name that stands
    once is described by those it is written with (Bojanowski et al. 2017).

    Parameters
    ----------
    counts : csr_array of shape (n_texts, n_concepts)
    names
        Of the concepts; None describes them by what they stand beside alone.
    random_state
        Seed of the decomposition.

    Returns
    -------
    ndarray of shape (n_concepts, at most 30)
        Rows of length 1, or 0 where nothing is known of a concept.
    """
    present = sparse.csr_array(counts > 0, dtype=np.float64)
    characters = _characters(names, present.shape[1])
    with_character = sparse.csr_array((present @ characters) > 0, dtype=np.float64)
    described = _context_vectors(sparse.csr_array(sparse.hstack([present, with_character])), random_state=random_state)
    own, of_characters = described[: present.shape[1]], described[present.shape[1] :]
    n_texts = np.asarray(with_character.sum(axis=0)).ravel()
    rarity = np.log(present.shape[0] / np.maximum(n_texts, 1))
    return np.asarray(normalize(own + normalize(characters @ (rarity[:, None] * of_characters))))


def _characters(names: Sequence[str] | None, n_concepts: int) -> sparse.csr_array:
    """Return 1 where a concept's name has a Chinese character, of shape (n_concepts, n_characters)."""
    pairs = [
        (row, sign) for row, name in enumerate(names if names is not None else ()) for sign in {*name} if is_han(sign)
    ]
    signs = sorted({sign for _, sign in pairs})
    column = {sign: number for number, sign in enumerate(signs)}
    rows, columns = [row for row, _ in pairs], [column[sign] for _, sign in pairs]
    return sparse.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(n_concepts, len(signs)))


def _context_vectors(present: sparse.csr_array, *, random_state: int | None) -> NDArray[np.float64]:
    """Return a row of length 1 for each column that two texts or more have and that stands beside another, else 0."""
    n_texts = np.asarray(present.sum(axis=0)).ravel()
    is_used = n_texts > 1
    together = sparse.coo_array(present.T @ present)
    kept = (together.row != together.col) & is_used[together.row] & is_used[together.col]
    row, column, weight = together.row[kept], together.col[kept], together.data[kept]
    marginal = np.bincount(row, weight, minlength=len(n_texts))
    context = marginal**CONTEXT_POWER
    information = np.log(weight * context.sum() / (marginal[row] * context[column])) if len(row) else weight
    positive = information > 0
    table = sparse.csr_array((information[positive], (row[positive], column[positive])), shape=together.shape)
    n_components = min(N_COMPONENTS, int(is_used.sum()) - 1)
    if n_components < 1 or not table.nnz:
        return np.zeros((len(n_texts), max(n_components, 1)))
    model = TruncatedSVD(n_components, random_state=random_state)
    vectors = model.fit_transform(table)
    return np.asarray(normalize(vectors / np.sqrt(np.maximum(model.singular_values_, 1e-12))))
