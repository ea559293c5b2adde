"""Roles of countries in supply, read by a fine-tuned encoder: a second reader beside the linear model.

What training has added to the sentence model, and the weights that tell roles from its states, were learned from
readers' marks by ``tests/benchmarks/learn_role_encoder.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rare_topics.encoder.encoder import Encoder
from rare_topics.encoder.model_file import ModelFile, find_model_file
from rare_topics.encoder.tokenizer import Piece, Tokenizer

if TYPE_CHECKING:
    from numpy.typing import NDArray

WEIGHT_FILE = "role_encoder.npz"
# Tokens of a passage that are read.
LONGEST_PASSAGE = 216

Span = tuple[int, int]


class NamedCountry(NamedTuple):
    """Where a passage names a country: offsets of characters.

    Attributes
    ----------
    names, clauses
        Of its names, and of the clauses that they stand in.
    """

    names: Sequence[Span]
    clauses: Sequence[Span]


class RoleEncoder:
    """Reads the roles of all countries of a passage at once.

    Parameters
    ----------
    file
        The sentence model.
    weights
        What was learned: see ``learn_role_encoder.py``.
    """

    def __init__(self, file: ModelFile, weights: dict[str, NDArray[np.float32]]) -> None:
        self._begin, self._end = file.begin, file.end
        self._tokenizer = Tokenizer(file)
        self._encoder = Encoder(file, change=weights)
        self._mark = weights["mark"]
        self._head = weights["head"], weights["head_intercepts"]
        self._calibration = weights["calibration"]

    def read_with(
        self, linear: Sequence[Sequence[float]], text: str, *, countries: Sequence[NamedCountry]
    ) -> list[list[float]]:
        """Return the log-odds of both readers together.

        Parameters
        ----------
        linear
            Log-odds of the linear model: of each country for each class.
        text, countries
            As for `log_odds`.
        """
        of_linear, of_encoder, intercept = self._calibration
        own = self.log_odds(text, countries=countries)
        together = of_linear * np.array(linear, dtype=np.float32) + of_encoder * own + intercept
        return together.tolist()  # type: ignore[no-any-return]

    def log_odds(self, text: str, *, countries: Sequence[NamedCountry]) -> NDArray[np.float32]:
        """Return the log-odds of each class, not yet calibrated.

        Parameters
        ----------
        text
            A passage, in half-width and simplified form.
        countries
            Those that it names.

        Returns
        -------
        ndarray of shape (n_countries, n_classes)
        """
        pieces = self._tokenizer.tokenize(text)[:LONGEST_PASSAGE]
        tokens = np.array([self._begin, *(piece.number for piece in pieces), self._end])
        of_names = [tokens_within(country.names, pieces) for country in countries]
        marks = np.zeros((len(tokens), len(self._mark)), dtype=np.float32)
        for rows in of_names:
            marks[rows + 1] = self._mark
        states = self._encoder.states(tokens, marks=marks)[1:-1]
        whole = states.mean(axis=0)
        pooled = [
            np.concatenate(
                [states[rows].mean(axis=0), states[tokens_within(country.clauses, pieces)].mean(axis=0), whole]
            )
            for country, rows in zip(countries, of_names, strict=True)
        ]
        weights, intercepts = self._head
        return np.stack(pooled) @ weights.T + intercepts


def tokens_within(spans: Sequence[Span], pieces: Sequence[Piece]) -> NDArray[np.int64]:
    """Return the rows of the pieces that touch a span; the first where the text was cut before it.

    Parameters
    ----------
    spans
        Offsets of characters.
    pieces
        Of the text.
    """
    rows = [
        row for row, piece in enumerate(pieces) if any(piece.start < end and piece.end > start for start, end in spans)
    ]
    return np.array(rows or [0])


@cache
def load_role_encoder() -> RoleEncoder:
    """Load the reader, once a process.

    Raises
    ------
    InputError
        If the sentence model is not installed.
    """
    file = ModelFile(find_model_file())
    with resources.files("rare_topics").joinpath("data", WEIGHT_FILE).open("rb") as stream, np.load(stream) as weights:
        return RoleEncoder(file, dict(weights))
