"""Places in articles as a browser counts them."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rare_topics.corpus.corpus import Corpus

# Characters above this take two units in UTF-16.
LAST_SINGLE = 0xFFFF


class Utf16:
    """Turn offsets in characters into offsets in UTF-16 units, which JavaScript slices strings by.

    Parameters
    ----------
    text
        The text that the offsets point into.

    Examples
    --------
    >>> Utf16("a\U00020000b")(2)
    3
    """

    def __init__(self, text: str) -> None:
        self._wide = [number for number, char in enumerate(text) if ord(char) > LAST_SINGLE]

    def __call__(self, offset: int) -> int:
        """Return the number of UTF-16 units before a character."""
        return offset + bisect_left(self._wide, offset)


class Places:
    """Places of a corpus that a link can lead to.

    Parameters
    ----------
    corpus
        Articles with their passages.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.passages = corpus.passages
        self._units = {
            (article.article_id, place): Utf16(text)
            for article in corpus
            for place, text in (("title", article.title), ("body", article.body))
        }

    def of_passage(self, passage_id: str) -> dict[str, Any]:
        """Place a passage: its anchor, whether it stands in title or body, start and end."""
        passage = self.passages.named(passage_id)
        return self.of_span(passage_id, anchor_of("p", passage_id, ":"), passage.start, passage.end)

    def of_span(self, passage_id: str, anchor: str, start: int, end: int) -> dict[str, Any]:
        """Place a part of a passage.

        Parameters
        ----------
        passage_id
            The passage.
        anchor
            Name of the place within its article.
        start, end
            Offsets in characters of the title or the body that the passage stands in.

        Returns
        -------
        dict
            at, place (``title`` or ``body``), start and end in UTF-16 units.
        """
        passage = self.passages.named(passage_id)
        place = "title" if passage.kind == "title" else "body"
        units = self._units[passage.article_id, place]
        return {"at": anchor, "place": place, "start": units(start), "end": units(end)}


def anchor_of(kind: str, name: str, mark: str) -> str:
    """Name a place by the running number of its passage or claim: ``p07``."""
    return kind + name.rpartition(mark)[2]
