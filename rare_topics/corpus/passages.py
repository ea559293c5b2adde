"""The passages of many articles as columns of numbers, each made when it is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, overload

import numpy as np

from rare_topics.corpus.passage_splitter import KINDS, SUBHEADING, TITLE, Span, passage_at, spans_of
from rare_topics.corpus.records import Article, Passage

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")


class _Rows(Sequence[T]):
    """What stands at each passage, made when it is looked at."""

    def __init__(self, number: int, make: Callable[[int], T]) -> None:
        self._number, self._make = number, make

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, key: int) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> list[T]: ...
    def __getitem__(self, key: int | slice) -> T | list[T]:
        rows = range(self._number)[key]
        return self._make(rows) if isinstance(rows, int) else [self._make(row) for row in rows]

    def __iter__(self) -> Iterator[T]:
        return map(self._make, range(self._number))


class Passages(_Rows[Passage]):
    """Every passage of articles, in order.

    Memory is 25 bytes a passage: its texts are those of the articles.

    Parameters
    ----------
    articles
        Whose passages they are.

    Attributes
    ----------
    article : ndarray of shape (n_passages,)
        Position of each passage's article.
    bounds : ndarray of shape (n_articles + 1,)
        Passages ``bounds[i]:bounds[i + 1]`` are those of article i.
    texts : sequence of str
        Their texts.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles: Sequence[Article] = articles
        columns = {name: array("i") for name in ("start", "end", "number", "section")}
        kinds, sizes, sections = array("b"), array("i"), {"": 0}
        for article in articles:
            before = len(kinds)
            for number, span in spans_of(article):
                section = sections.setdefault(span.section, len(sections))
                for column, value in zip(columns.values(), (span.start, span.end, number, section), strict=True):
                    column.append(value)
                kinds.append(KINDS.index(span.kind))
            sizes.append(len(kinds) - before)
        self._columns, self._kinds, self._sections = columns, kinds, list(sections)
        self.bounds: NDArray[np.int64] = np.append(0, np.cumsum(np.array(sizes, dtype=np.int64)))
        self.article: NDArray[np.int64] = np.repeat(np.arange(len(articles)), sizes)
        super().__init__(len(kinds), self._passage)
        self.texts: Sequence[str] = _Rows(len(kinds), self._text)

    def of(self, row: int) -> list[Passage]:
        """Return the passages of an article."""
        return self[int(self.bounds[row]) : int(self.bounds[row + 1])]

    def named(self, passage_id: str) -> Passage:
        """Return a passage by its name; see `place`."""
        return self[self.place(passage_id)]

    def place(self, passage_id: str) -> int:
        """Return the position of a passage.

        Raises
        ------
        KeyError
            If there is none of this name.
        """
        article_id, _, number = passage_id.rpartition(":")
        row = self._position[article_id]
        numbers = self._columns["number"][int(self.bounds[row]) : int(self.bounds[row + 1])]
        if not number.isdigit() or int(number) not in numbers:
            raise KeyError(passage_id)
        return int(self.bounds[row]) + numbers.index(int(number))

    @property
    def headings(self) -> NDArray[np.bool_]:
        """Whether each passage is a heading within the text, of shape (n_passages,)."""
        return np.asarray(np.frombuffer(self._kinds, dtype=np.int8) == KINDS.index(SUBHEADING))

    @cached_property
    def _position(self) -> dict[str, int]:
        return {article.article_id: row for row, article in enumerate(self._articles)}

    def _passage(self, at: int) -> Passage:
        columns = self._columns
        span = Span(
            columns["start"][at], columns["end"][at], KINDS[self._kinds[at]], self._sections[columns["section"][at]]
        )
        return passage_at(self._articles[self.article[at]], columns["number"][at], span)

    def _text(self, at: int) -> str:
        article = self._articles[self.article[at]]
        whole: str = article.title if KINDS[self._kinds[at]] == TITLE else article.body
        return whole[self._columns["start"][at] : self._columns["end"][at]]
