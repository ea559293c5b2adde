"""The passages of many articles: their offsets as columns of numbers, their records made on access."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, overload

import numpy as np

from rare_topics.corpus.passage_splitter import KINDS, SUBHEADING, TITLE, Span, make_passage, numbered_spans
from rare_topics.corpus.records import Article, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")


class _LazySequence(Sequence[T]):
    """A sequence whose items are computed on access."""

    def __init__(self, length: int, make_item: Callable[[int], T]) -> None:
        self._length, self._make_item = length, make_item

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, key: int) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> list[T]: ...
    def __getitem__(self, key: int | slice) -> T | list[T]:
        rows = range(self._length)[key]
        return self._make_item(rows) if isinstance(rows, int) else [self._make_item(row) for row in rows]

    def __iter__(self) -> Iterator[T]:
        return map(self._make_item, range(self._length))


class Passages(_LazySequence[Passage]):
    """Every passage of articles, in order.

    Memory is 25 bytes per passage; the texts are slices of the articles.

    Parameters
    ----------
    articles
        The articles to split.

    Attributes
    ----------
    article_rows : ndarray of shape (n_passages,)
        Row of the article of each passage.
    bounds : ndarray of shape (n_articles + 1,)
        Passages ``bounds[i]:bounds[i + 1]`` are those of article i.
    texts : sequence of str
        Texts of the passages.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles: Sequence[Article] = articles
        self._starts, self._ends, self._numbers = array("i"), array("i"), array("i")
        self._kinds, self._section_codes = array("b"), array("i")
        code_of_section = {"": 0}
        bounds = [0]
        for article in articles:
            for number, span in numbered_spans(article):
                self._starts.append(span.start)
                self._ends.append(span.end)
                self._numbers.append(number)
                self._kinds.append(KINDS.index(span.kind))
                self._section_codes.append(code_of_section.setdefault(span.section, len(code_of_section)))
            bounds.append(len(self._kinds))
        self._sections = list(code_of_section)
        self.bounds: NDArray[np.int64] = np.array(bounds, dtype=np.int64)
        self.article_rows: NDArray[np.int64] = np.repeat(np.arange(len(articles)), np.diff(self.bounds))
        super().__init__(len(self._kinds), self._passage)
        self.texts: Sequence[str] = _LazySequence(len(self._kinds), self._text)

    def columns(self, start: int, end: int) -> dict[str, list[str] | list[int]]:
        """Return the fields of the passages in the rows ``start:end``, each as a list, without making their records."""
        rows = range(start, min(end, len(self)))
        own = [self._articles[row].article_id for row in self.article_rows[start:end].tolist()]
        numbers = self._numbers[start:end]
        return {
            "passage_id": [f"{name}:{number:02d}" for name, number in zip(own, numbers, strict=True)],
            "article_id": own,
            "section": [self._sections[code] for code in self._section_codes[start:end]],
            "kind": [KINDS[kind] for kind in self._kinds[start:end]],
            "text": list(map(self._text, rows)),
            "start": self._starts[start:end].tolist(),
            "end": self._ends[start:end].tolist(),
        }

    def of_article(self, row: int) -> list[Passage]:
        """Return the passages of the article in a row."""
        return self[int(self.bounds[row]) : int(self.bounds[row + 1])]

    def by_id(self, passage_id: str) -> Passage:
        """Return a passage by its identifier; see `row_of`."""
        return self[self.row_of(passage_id)]

    def row_of(self, passage_id: str) -> int:
        """Return the row of a passage.

        Raises
        ------
        KeyError
            If there is no such passage.
        """
        article_id, _, number = passage_id.rpartition(":")
        row = self._row_of_article[article_id]
        numbers = self._numbers[int(self.bounds[row]) : int(self.bounds[row + 1])]
        if not number.isdigit() or int(number) not in numbers:
            raise KeyError(passage_id)
        return int(self.bounds[row]) + numbers.index(int(number))

    @property
    def is_heading(self) -> NDArray[np.bool_]:
        """Whether each passage is a heading within the text; of shape (n_passages,)."""
        return np.asarray(np.frombuffer(self._kinds, dtype=np.int8) == KINDS.index(SUBHEADING))

    @cached_property
    def _row_of_article(self) -> dict[str, int]:
        return {article.article_id: row for row, article in enumerate(self._articles)}

    def _passage(self, row: int) -> Passage:
        section = self._sections[self._section_codes[row]]
        span = Span(self._starts[row], self._ends[row], KINDS[self._kinds[row]], section)
        return make_passage(self._articles[self.article_rows[row]], self._numbers[row], span)

    def _text(self, row: int) -> str:
        article = self._articles[self.article_rows[row]]
        whole: str = article.title if KINDS[self._kinds[row]] == TITLE else article.body
        return whole[self._starts[row] : self._ends[row]]
