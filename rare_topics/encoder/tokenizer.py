"""A text cut into the pieces of a vocabulary, each with its place (unigram model, Kudo 2018)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rare_topics.encoder.model_file import ModelFile

# Stands for a space in the pieces of SentencePiece.
_SPACE = "\u2581"
# Added to the log-probability of the rarest piece for a character that is in none.
_UNKNOWN_PENALTY = -10.0
# No piece of this vocabulary that is of use is longer.
_LONGEST_PIECE = 20


class Piece(NamedTuple):
    """A piece of a text.

    Attributes
    ----------
    number
        Its row in the table of embeddings.
    start, end
        Where it stands in the text; a space before it may belong to it.
    """

    number: int
    start: int
    end: int


class Tokenizer:
    """Cuts texts into the likeliest pieces.

    Parameters
    ----------
    file
        Holds the vocabulary.
    """

    def __init__(self, file: ModelFile) -> None:
        self._pieces: Mapping[str, tuple[int, float]] = file.pieces
        self._normal_forms = file.normal_forms
        self._unknown = file.unknown
        self._unknown_score = min(score for _, score in file.pieces.values()) + _UNKNOWN_PENALTY

    def tokenize(self, text: str) -> list[Piece]:
        """Return the pieces of a text, in their order.

        Parameters
        ----------
        text
            Of any length; empty texts have one piece.
        """
        characters, origins = self._normalize(text)
        steps = self._best_steps("".join(characters))
        pieces: list[Piece] = []
        end = len(characters)
        while end:
            start, number = steps[end]
            pieces.append(Piece(number, origins[start], origins[end - 1] + 1 if text else 0))
            end = start
        return pieces[::-1]

    def _normalize(self, text: str) -> tuple[list[str], list[int]]:
        """Return the characters that are cut, a space first, and where each comes from."""
        characters, origins = [_SPACE], [0]
        for place, character in enumerate(text):
            for normal in self._normal_forms.get(character, character):
                if normal != " ":
                    characters.append(normal)
                    origins.append(place)
                elif characters[-1] != _SPACE:
                    characters.append(_SPACE)
                    origins.append(place)
        return characters, origins

    def _best_steps(self, text: str) -> Sequence[tuple[int, int]]:
        """Return the start and number of the last piece of the likeliest cut up to each place (Viterbi 1967)."""
        lookup, unknown = self._pieces.get, self._unknown
        scores = [0.0] + [float("-inf")] * len(text)
        steps = [(0, unknown)] * (len(text) + 1)
        for start in range(len(text)):
            score = scores[start]
            for end in range(start + 1, min(len(text), start + _LONGEST_PIECE) + 1):
                found = lookup(text[start:end])
                if found and found[0] != unknown and score + found[1] > scores[end]:
                    scores[end], steps[end] = score + found[1], (start, found[0])
            if score + self._unknown_score > scores[start + 1]:
                scores[start + 1], steps[start + 1] = score + self._unknown_score, (start, unknown)
        return steps
