"""Articles that tell the same story with small edits, found in near-linear time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.languages import han_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHINGLE = 4
# Share of common shingles from which two articles count as the same story with small edits.
NEAR_DUPLICATE = 0.5
# Candidates share a band of their signatures. A Han character says as much as several Latin letters.
SKETCH_SHINGLE = {"han": 4, "latin": 6}
BINS, BAND = 256, 4
# Sketches of texts that share half of their shingles agree in more bins than this: of edited ones in a third.
AGREED = 0.15
# Pairs of sketches compared at a time.
PAIRS = 10_000
# Of many copies of one text each is compared with so many before it, so that the time stays linear.
COMPARED = 20
_MIX = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
_SHIFT = np.uint64(31)


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Find pairs of texts that share most of their four-character shingles.

    Parameters
    ----------
    texts
        Bodies of articles.

    Yields
    ------
    one, other, similarity
        Positions, one before the other, in order of the second; Jaccard similarity of their
        shingles, 0.5 to 1, counted exactly.

    Notes
    -----
    Memory is 2 KiB a text; no shingles are held.

    References
    ----------
    A. Broder. On the resemblance and containment of documents. 1997. Candidates by one
    permutation hashing: P. Li, A. Owen, C. Zhang 2012; its empty bins filled as by
    A. Shrivastava, P. Li. Densifying one permutation hashing. 2014.
    """
    plain = [number for number, text in enumerate(texts) if len(text) >= SHINGLE]
    signatures = np.empty((len(plain), BINS), dtype=np.uint64)
    for row, number in enumerate(plain):
        signatures[row] = signature(texts[number])
    known: tuple[int, set[str]] = (-1, set())
    for later, earlier in _agreeing(signatures, _candidates(signatures)):
        one, other = plain[earlier], plain[later]
        if known[0] != other:
            known = (other, _shingles(texts[other]))
        similarity = _jaccard(_shingles(texts[one]), known[1])
        if similarity >= NEAR_DUPLICATE:
            yield one, other, round(similarity, 4)


def signature(text: str) -> NDArray[np.uint64]:
    """Sketch a text so that bins agree as often as texts share their shingles.

    Returns
    -------
    ndarray of shape (256,)
        The least hash in each bin; an empty bin repeats the next one that is not.
    """
    plain = _plain(text)
    length = SKETCH_SHINGLE["han" if han_share(plain[:200]) > NEAR_DUPLICATE else "latin"]
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < length:
        codes, length = np.array([zlib.crc32(plain.encode("utf-8", "surrogatepass"))], dtype=np.uint64), 1
    hashes = np.zeros(len(codes) - length + 1, dtype=np.uint64)
    for at in range(length):
        hashes = hashes * _MIX[0] + codes[at : at + len(hashes)]
    hashes = _mixed(hashes)
    hashes.sort()
    bins = (hashes >> np.uint64(56)).astype(np.int64)
    first = np.flatnonzero(np.diff(bins, prepend=-1))
    filled = np.searchsorted(bins[first], np.arange(BINS))
    # A hash that is borrowed from bin to bin says how far it came, or two gaps would look alike by chance.
    distance = (bins[first][filled % len(first)] - np.arange(BINS)) % BINS
    return np.asarray(_mixed(hashes[first][filled % len(first)] + distance.astype(np.uint64)))


def _mixed(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashes = (hashes ^ (hashes >> _SHIFT)) * _MIX[1]
    return np.asarray((hashes ^ (hashes >> _SHIFT)) * _MIX[2])


def _candidates(signatures: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """List pairs, the later row first, that agree in a whole band."""
    pairs: set[tuple[int, int]] = set()
    for start in range(0, BINS, BAND):
        key = np.zeros(len(signatures), dtype=np.uint64)
        for column in signatures[:, start : start + BAND].T:
            key = _mixed(key * _MIX[0] + column)
        order = np.argsort(key, kind="stable")
        key = key[order]
        for back in range(1, min(COMPARED, len(key) - 1) + 1):
            same = np.flatnonzero(key[back:] == key[:-back])
            if not len(same):
                break
            pairs.update(zip(order[same + back].tolist(), order[same].tolist(), strict=True))
    return sorted(pairs)


def _agreeing(signatures: NDArray[np.uint64], pairs: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out pairs that agree in a band, and in few others."""
    for start in range(0, len(pairs), PAIRS):
        some = pairs[start : start + PAIRS]
        one, other = np.array(some).T
        agreed = (signatures[one] == signatures[other]).mean(axis=1) >= AGREED
        yield from (pair for pair, wanted in zip(some, agreed.tolist(), strict=True) if wanted)


def _plain(text: str) -> str:
    return "".join(text.split()).lower()


def _shingles(text: str) -> set[str]:
    text = _plain(text)
    return {text[at : at + SHINGLE] for at in range(len(text) - SHINGLE + 1)}


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
