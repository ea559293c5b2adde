"""Fitted parts as plain data: JSON that names arrays, and the arrays; nothing that could be executed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer

from rare_topics.cluster import ConsensusClusterer
from rare_topics.projection.map_projector import MapProjector
from rare_topics.study.baseline import Baseline
from rare_topics.study.changes import Diff
from rare_topics.topics import StableTopicModel
from rare_topics.vectorize.concept_space import ConceptSpace
from rare_topics.vectorize.embedding_space import EmbeddingSpace
from rare_topics.vectorize.vectorizer import ConceptVectorizer

Arrays = dict[str, Any]
# What may stand in a saved study; no other class is ever made from one.
KINDS: Mapping[str, Any] = {
    kind.__name__: kind
    for kind in (
        ConceptVectorizer,
        ConceptSpace,
        EmbeddingSpace,
        TfidfTransformer,
        StableTopicModel,
        ConsensusClusterer,
        MapProjector,
        Baseline,
        Diff,
    )
}
# Files are copied into the folder of a saved study, so no path is kept.
LEFT_OUT = {"ConceptVectorizer": frozenset({"lexicon", "glosses"})}
NUMBERS = "biuf"


def pack(value: Any, arrays: Arrays) -> Any:  # noqa: ANN401 - whatever plain data is
    """Turn a value into JSON, its arrays laid into `arrays`.

    Parameters
    ----------
    value
        Numbers, texts, arrays, tuples, lists, mappings of texts, and the fitted parts of a study.
    arrays
        Takes the arrays, which the JSON names.

    Returns
    -------
    JSON value

    Raises
    ------
    TypeError
        If the value holds anything else.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in NUMBERS:
        name = f"a{len(arrays):04d}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, sparse.csr_array):
        parts = [pack(part, arrays)["array"] for part in (value.data, value.indices, value.indptr)]
        return {"csr": parts, "shape": list(map(int, value.shape))}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [pack(entry, arrays) for entry in value]}
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {"dict": {key: pack(entry, arrays) for key, entry in value.items()}}
    name = type(value).__name__
    if KINDS.get(name) is type(value):
        state = {key: entry for key, entry in value.__getstate__().items() if key not in LEFT_OUT.get(name, ())}
        return {"kind": name, "state": {key: pack(entry, arrays) for key, entry in state.items()}}
    raise TypeError(f"a {name} is no plain data")


def unpack(data: Any, arrays: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]]) -> Any:  # noqa: ANN401, PLR0911
    """Turn JSON and arrays back into the value they were packed from.

    Parameters
    ----------
    data
        From `pack`.
    arrays
        Its arrays.
    given
        By kind, the attributes that `pack` leaves out: paths of the user's own files.

    Returns
    -------
    The value that was packed.

    Raises
    ------
    ValueError, KeyError, TypeError
        If the data is not what `pack` makes.
    """
    if not isinstance(data, dict):
        return data
    if "array" in data:
        return arrays[data["array"]]
    if "csr" in data:
        matrix = sparse.csr_array(tuple(arrays[name] for name in data["csr"]), shape=tuple(data["shape"]))
        matrix.check_format(full_check=True)
        return matrix
    if "list" in data:
        return [unpack(entry, arrays, given) for entry in data["list"]]
    if "tuple" in data:
        return tuple(unpack(entry, arrays, given) for entry in data["tuple"])
    if "dict" in data:
        return {key: unpack(entry, arrays, given) for key, entry in data["dict"].items()}
    kind, state = KINDS[data["kind"]], data["state"]
    if foreign := [key for key in state if hasattr(kind, key)]:
        raise ValueError(f"'{foreign[0]}' is no learned attribute")
    value = kind.__new__(kind)
    restore = getattr(value, "__setstate__", value.__dict__.update)
    restore({key: unpack(entry, arrays, given) for key, entry in state.items()} | {**given.get(data["kind"], {})})
    return value
