"""The tokenizer of mixed text as a step of scikit-learn's pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from rare_topics.corpus.texts import texts_of
from rare_topics.text.tokenizer import MixedTextTokenizer, Token

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Segmenter(MixedTextTokenizer, TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):  # type: ignore[call-arg]
    """Split mixed Chinese and English text into tokens with offsets.

    Numbers with their units, tickers, codes and Latin words are matched first; only runs of
    Han characters reach jieba. Citation marks, tags, addresses of pages and mail are not tokens;
    soft hyphens and zero-width characters do not cut a word; a person's name is one token.

    Parameters
    ----------
    words
        Chinese words to add to the dictionary; None adds those of the domain lexicon.
    engine
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed. Both give the
        same tokens, except where two ways to split a run are equally likely.

    Examples
    --------
    >>> [token.text for token in Segmenter().tokenize("F-35 needs 2.1万项稀土专利, U.S. says [3].")]
    ['F-35', 'needs', '2.1万项', '稀土', '专利', 'U.S.', 'says']
    """

    def fit(self, texts: Iterable[str], y: object = None) -> Segmenter:
        """Do nothing: a segmenter learns nothing from texts."""
        return self

    def transform(self, texts: Iterable[str]) -> list[list[Token]]:
        """Tokenize each text, or each article of a corpus; see `tokenize`."""
        return [self.tokenize(text) for text in texts_of(texts)]

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the name of what comes out: lists of tokens."""
        return np.array(["tokens"], dtype=object)

    def set_output(self, *, transform: str | None = None) -> Segmenter:
        """Do nothing: tokens are lists in any container."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True
