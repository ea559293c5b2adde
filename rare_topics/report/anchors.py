"""Link targets: where a passage or a claim stands in an article, in the offsets that a browser counts."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rare_topics.corpus.corpus import Corpus
    from rare_topics.corpus.records import Passage

# Characters that take two units in UTF-16.
TWO_UNITS = re.compile("[\U00010000-\U0010ffff]")


class Utf16Offsets:
    """Convert offsets in characters to offsets in UTF-16 units, by which JavaScript slices strings.

    Parameters
    ----------
    text
        The text that the offsets point into.

    Examples
    --------
    >>> Utf16Offsets("a\U00020000b")(2)
    3
    """

    def __init__(self, text: str) -> None:
        self._two_unit_offsets = [match.start() for match in TWO_UNITS.finditer(text)]

    def __call__(self, offset: int) -> int:
        """Return the number of UTF-16 units before the character at an offset."""
        return offset + bisect_left(self._two_unit_offsets, offset)


class Anchors:
    """Link targets of the passages and claims of a corpus.

    Each method returns a dict with ``at`` (identifier of the target within its article), ``field``
    (``title`` or ``body``), and ``start`` and ``end`` in UTF-16 units.

    Parameters
    ----------
    corpus
        Articles with their passages.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.passages = corpus.passages
        self._utf16: dict[tuple[str, str], Utf16Offsets] = {}
        for article in corpus:
            self._utf16[article.article_id, "title"] = Utf16Offsets(article.title)
            self._utf16[article.article_id, "body"] = Utf16Offsets(article.body)

    def passage_anchor(self, passage_id: str) -> dict[str, Any]:
        """Return the target of a whole passage, such as ``p07``."""
        passage = self.passages.by_id(passage_id)
        number = passage_id.rpartition(":")[2]
        return self._anchor(f"p{number}", passage, passage.start, passage.end)

    def claim_anchor(self, claim_id: str, *, passage_id: str, start: int, end: int) -> dict[str, Any]:
        """Return the target of a claim, such as ``c3``.

        Parameters
        ----------
        claim_id
            Identifier of the claim.
        passage_id
            The passage that states it.
        start, end
            Offsets in characters of the title or the body that the passage stands in.

        Returns
        -------
        dict
        """
        number = claim_id.rpartition("#")[2]
        return self._anchor(f"c{number}", self.passages.by_id(passage_id), start, end)

    def _anchor(self, anchor_id: str, passage: Passage, start: int, end: int) -> dict[str, Any]:
        field = "title" if passage.kind == "title" else "body"
        utf16 = self._utf16[passage.article_id, field]
        return {"at": anchor_id, "field": field, "start": utf16(start), "end": utf16(end)}
