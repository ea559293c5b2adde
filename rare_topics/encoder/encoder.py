"""A transformer that reads a text and returns a state of each token, in NumPy (BERT, Devlin et al. 2019)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import erf

from rare_topics.encoder.model_file import ModelFile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Weights = NDArray[np.float32]

# Query, key, value and output of the attention, then in and out of the layer of neurons.
MATRICES = ("q", "k", "v", "ao", "fi", "fo")
# Offsets of the matrices, then weight and offset of the two normalisations.
VECTORS = (*(f"{name}.b" for name in MATRICES), "aln.w", "aln.b", "oln.w", "oln.b")
# Of a byte with a sign.
_LARGEST = 127


class Encoder:
    """Returns the state of each token of a text.

    Parameters
    ----------
    file
        Its weights.
    change
        What training has added to them, from `pack_change`; None takes them as they are.
    """

    def __init__(self, file: ModelFile, *, change: Mapping[str, NDArray[np.generic]] | None = None) -> None:
        self._file = file
        self._positions = file.vector("emb.pos").reshape(-1, file.width) + file.vector("emb.type")[: file.width]
        self._norm = file.vector("emb.ln.w"), file.vector("emb.ln.b")
        self._layers = read_layers(file)
        if change is not None:
            for weights, added in zip(_weights_of(self._layers), unpack_change(change, self._layers), strict=True):
                np.add(weights, added, out=weights)

    def states(self, tokens: NDArray[np.int64], *, marks: Weights | None = None) -> Weights:
        """Read a text.

        Parameters
        ----------
        tokens : ndarray of shape (n_tokens,)
            Numbers of its pieces; at most 512.
        marks : ndarray of shape (n_tokens, width), optional
            Added to the embeddings of the tokens.

        Returns
        -------
        ndarray of shape (n_tokens, width)
        """
        embedded = self._file.matrix("emb.word", n_columns=self._file.width, rows=tokens)
        embedded += self._positions[: len(tokens)]
        if marks is not None:
            embedded += marks
        states = self._normalize(embedded, *self._norm)
        for layer in self._layers:
            states = self._normalize(states + self._attend(states, layer), layer["aln.w"], layer["aln.b"])
            neurons = _gelu(states @ layer["fi"].T + layer["fi.b"])
            states = self._normalize(states + neurons @ layer["fo"].T + layer["fo.b"], layer["oln.w"], layer["oln.b"])
        return states

    def _attend(self, states: Weights, layer: Mapping[str, Weights]) -> Weights:
        n_tokens, width = states.shape
        n_heads = self._file.n_heads
        query, key, value = (
            (states @ layer[name].T + layer[f"{name}.b"]).reshape(n_tokens, n_heads, -1).swapaxes(0, 1)
            for name in ("q", "k", "v")
        )
        attention = query @ key.swapaxes(1, 2) * np.float32((width // n_heads) ** -0.5)
        attention -= attention.max(axis=-1, keepdims=True)
        np.exp(attention, out=attention)
        attention /= attention.sum(axis=-1, keepdims=True)
        attended = (attention @ value).swapaxes(0, 1).reshape(n_tokens, width)
        return attended @ layer["ao"].T + layer["ao.b"]

    def _normalize(self, states: Weights, weight: Weights, offset: Weights) -> Weights:
        """Bring each row to mean 0 and variance 1, then to those that were learned."""
        states = states - states.mean(axis=-1, keepdims=True)
        states /= np.sqrt((states**2).mean(axis=-1, keepdims=True) + np.float32(self._file.epsilon))
        return states * weight + offset


def _gelu(values: Weights) -> Weights:
    shares: Weights = np.float32(0.5) * (1 + erf(values * np.float32(0.5**0.5)))
    return values * shares


def read_layers(file: ModelFile) -> list[dict[str, Weights]]:
    """Return the weights of each layer of a file, by the names `MATRICES` and `VECTORS`."""
    layers = []
    for number in range(file.n_layers):
        vectors = {name: file.vector(f"l{number}.{name}") for name in VECTORS}
        n_inputs = dict.fromkeys(MATRICES, file.width) | {"fo": len(vectors["fi.b"])}
        matrices = {name: file.matrix(f"l{number}.{name}.w", n_columns=n_inputs[name]) for name in MATRICES}
        layers.append(matrices | vectors)
    return layers


def _weights_of(layers: list[dict[str, Weights]]) -> Iterator[Weights]:
    """Yield all weights of layers, in the order in which their change is stored."""
    for layer in layers:
        yield from (layer[name] for name in (*MATRICES, *VECTORS))


def pack_change(
    after: list[dict[str, Weights]], *, before: list[dict[str, Weights]], rank: int = 56
) -> dict[str, NDArray[np.generic]]:
    """Pack what training has added to weights.

    The change of a matrix becomes a sum of products of two vectors, its largest singular ones, of a byte a number.

    Parameters
    ----------
    after, before
        The weights of each layer, by the names `MATRICES` and `VECTORS`.
    rank
        Number of products.

    Returns
    -------
    dict of str to ndarray
        ``left`` and ``right`` vectors of all matrices, ``sizes`` of their products, and ``vectors``.
    """
    left, right, sizes, vectors = [], [], [], []
    for one, other in zip(_weights_of(after), _weights_of(before), strict=True):
        change = one - other
        if change.ndim == 1:
            vectors.append(change)
            continue
        columns, values, rows = np.linalg.svd(change, full_matrices=False)
        columns, rows = columns[:, :rank], rows[:rank]
        of_columns, of_rows = abs(columns).max(axis=0) / _LARGEST, abs(rows).max(axis=1) / _LARGEST
        left.append(np.rint(columns / of_columns).ravel())
        right.append(np.rint(rows / of_rows[:, None]).ravel())
        sizes.append(values[:rank] * of_columns * of_rows)
    return {
        "left": np.concatenate(left).astype(np.int8),
        "right": np.concatenate(right).astype(np.int8),
        "sizes": np.stack(sizes).astype(np.float32),
        "vectors": np.concatenate(vectors).astype(np.float16),
    }


def unpack_change(change: Mapping[str, NDArray[np.generic]], layers: list[dict[str, Weights]]) -> Iterator[Weights]:
    """Yield what `pack_change` has packed, as `layers` are shaped."""
    packed = {name: _taken_from(change[name]) for name in ("left", "right", "vectors")}
    sizes = iter(change["sizes"])
    for weights in _weights_of(layers):
        if weights.ndim == 1:
            yield packed["vectors"](len(weights))
            continue
        of_products = next(sizes)
        rank, (n_rows, n_columns) = len(of_products), weights.shape
        left = packed["left"](n_rows * rank).reshape(n_rows, rank)
        yield left * of_products @ packed["right"](rank * n_columns).reshape(rank, n_columns)


def _taken_from(numbers: NDArray[np.generic]) -> Callable[[int], Weights]:
    """Return what takes the next so many numbers."""
    place = 0

    def take(count: int) -> Weights:
        nonlocal place
        place += count
        return numbers[place - count : place].astype(np.float32)

    return take
