"""Articles that tell the same story with small edits, found in near-linear time."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rare_topics.corpus.languages import han_share
from rare_topics.runtime.parallel import map_batches

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Length of the shingles whose Jaccard similarity is counted, and the similarity of near-duplicates.
SHINGLE_LENGTH = 4
MIN_SIMILARITY = 0.5
# Length of the shingles that are hashed: a Han character carries as much information as several Latin letters.
HASHED_SHINGLE_LENGTH = {"han": 4, "latin": 6}
HAN_TEXT_SHARE = 0.5
# A signature has so many bins; candidates agree in all bins of one band.
N_BINS, BAND_WIDTH = 256, 4
# Share of bins in which candidates must agree. Texts at the similarity above agree in more: in a third of the bins
# where shingles are lost at random, and in more than this where edits are spread evenly (tests/test_duplicates.py).
MIN_AGREEMENT = 0.15
# Pairs of signatures that are compared at a time.
PAIRS_PER_BATCH = 10_000
# Earlier copies that each of many copies of one text is compared with, so that the time stays linear.
MAX_COPIES_COMPARED = 20
# Odd constants of a multiplicative hash and of the finalizer of splitmix64 (Steele, Lea, Flood 2014).
_MULTIPLIERS = np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB], dtype=np.uint64)
_SHIFT = np.uint64(31)


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    """Find pairs of texts that share most of their four-character shingles.

    Parameters
    ----------
    texts
        Bodies of articles.

    Yields
    ------
    earlier, later, similarity
        Positions of two texts, in order of the later one, and the exact Jaccard similarity of their
        shingles, 0.5 to 1.

    Notes
    -----
    Memory is 2 KiB per text, for its signature; shingles are made for one pair at a time.

    References
    ----------
    A. Broder. On the resemblance and containment of documents. 1997. Candidates by one
    permutation hashing: P. Li, A. Owen, C. Zhang 2012; its empty bins filled as by
    A. Shrivastava, P. Li. Densifying one permutation hashing. 2014.
    """
    text_of_row = [number for number, text in enumerate(texts) if len(text) >= SHINGLE_LENGTH]
    signatures = np.empty((len(text_of_row), N_BINS), dtype=np.uint64)
    row = 0
    for part in map_batches(_signatures, [texts[number] for number in text_of_row]):
        signatures[row : row + len(part)] = part
        row += len(part)
    last, last_shingles = -1, set[str]()
    for later_row, earlier_row in candidate_pairs(signatures):
        earlier, later = text_of_row[earlier_row], text_of_row[later_row]
        if later != last:
            last, last_shingles = later, _shingles(texts[later])
        similarity = _jaccard(_shingles(texts[earlier]), last_shingles)
        if similarity >= MIN_SIMILARITY:
            yield earlier, later, round(similarity, 4)


def signature(text: str) -> NDArray[np.uint64]:
    """Hash a text into bins that agree between two texts as often as their shingles do.

    Returns
    -------
    ndarray of shape (256,)
        The least hash in each bin; an empty bin repeats the next one that is not empty.
    """
    plain = _normalized(text)
    length = HASHED_SHINGLE_LENGTH["han" if han_share(plain[:200]) > HAN_TEXT_SHARE else "latin"]
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < length:
        codes, length = np.array([zlib.crc32(plain.encode("utf-8", "surrogatepass"))], dtype=np.uint64), 1
    hashes = np.zeros(len(codes) - length + 1, dtype=np.uint64)
    for offset in range(length):
        hashes = hashes * _MULTIPLIERS[0] + codes[offset : offset + len(hashes)]
    hashes = _mix_bits(hashes)
    hashes.sort()
    bins = (hashes >> np.uint64(56)).astype(np.int64)
    first = np.flatnonzero(np.diff(bins, prepend=-1))
    source = np.searchsorted(bins[first], np.arange(N_BINS)) % len(first)
    # A hash borrowed from another bin is mixed with the distance, or gaps of two texts would agree by chance.
    distance = (bins[first][source] - np.arange(N_BINS)) % N_BINS
    return np.asarray(_mix_bits(hashes[first][source] + distance.astype(np.uint64)))


def _signatures(texts: Sequence[str]) -> NDArray[np.uint64]:
    return np.array(list(map(signature, texts)), dtype=np.uint64)


def candidate_pairs(signatures: NDArray[np.uint64]) -> Iterator[tuple[int, int]]:
    """Find pairs of signatures that agree in a whole band, and in enough bins altogether.

    Parameters
    ----------
    signatures : ndarray of shape (n_texts, 256)
        As `signature` makes them.

    Yields
    ------
    later, earlier
        Rows, in ascending order.
    """
    pairs = _pairs_in_a_band(signatures)
    for start in range(0, len(pairs), PAIRS_PER_BATCH):
        batch = pairs[start : start + PAIRS_PER_BATCH]
        later, earlier = np.array(batch).T
        agreement = (signatures[later] == signatures[earlier]).mean(axis=1)
        yield from (batch[position] for position in np.flatnonzero(agreement >= MIN_AGREEMENT))


def _pairs_in_a_band(signatures: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """List the rows, the later one first, that agree in all bins of a band."""
    pairs: set[tuple[int, int]] = set()
    for start in range(0, N_BINS, BAND_WIDTH):
        key = np.zeros(len(signatures), dtype=np.uint64)
        for column in signatures[:, start : start + BAND_WIDTH].T:
            key = _mix_bits(key * _MULTIPLIERS[0] + column)
        order = np.argsort(key, kind="stable")
        key = key[order]
        for back in range(1, min(MAX_COPIES_COMPARED, len(key) - 1) + 1):
            same = np.flatnonzero(key[back:] == key[:-back])
            if not len(same):
                break
            pairs.update(zip(order[same + back].tolist(), order[same].tolist(), strict=True))
    return sorted(pairs)


def _mix_bits(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    hashes = (hashes ^ (hashes >> _SHIFT)) * _MULTIPLIERS[1]
    return np.asarray((hashes ^ (hashes >> _SHIFT)) * _MULTIPLIERS[2])


def _normalized(text: str) -> str:
    return "".join(text.split()).lower()


def _shingles(text: str) -> set[str]:
    text = _normalized(text)
    return {text[start : start + SHINGLE_LENGTH] for start in range(len(text) - SHINGLE_LENGTH + 1)}


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)
