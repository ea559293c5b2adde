"""One step of a fit, and the one form in which what it learned is kept.

Checkpoints of a fit, on a disk or on Spark, and saved studies all store a step by its `Step.pack`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from rare_topics.study.serialization import pack, unpack
from rare_topics.study.state import StudyState
from rare_topics.study.stored_parts import check_parts


@dataclass(frozen=True)
class Step:
    """One step of a fit.

    Attributes
    ----------
    name
        What progress, checkpoints and times call it.
    run
        Takes the state before the step, returns that after it.
    parts
        What of it is stored: the field of the state, by its name in a saved study.
    """

    name: str
    run: Callable[[StudyState], StudyState]
    parts: Mapping[str, str]

    def pack(self, state: StudyState, arrays: dict[str, Any]) -> dict[str, Any]:
        """Turn what the step has learned into JSON, its arrays laid into `arrays`.

        Parameters
        ----------
        state
            A state after the step.
        arrays
            Takes the arrays, which the JSON names.
        """
        return {part: pack(getattr(state, name), arrays) for part, name in self.parts.items()}

    def unpack(self, packed: Mapping[str, Any], arrays: Mapping[str, Any], state: StudyState) -> StudyState:
        """Return the state after the step from what `pack` made of it.

        Parameters
        ----------
        packed
            From `pack`; parts of other steps are passed over.
        arrays
            Its arrays.
        state
            The state before the step, whose settings name the user's own files.

        Raises
        ------
        ValueError
            If a part is missing, or not as `rare_topics.study.stored_parts` declares it.
        """
        check_parts(packed, self.parts, arrays, state)
        files = {"ConceptVectorizer": {"lexicon": state.settings.lexicon, "glosses": state.settings.glosses}}
        return replace(state, **{name: unpack(packed[part], arrays, files) for part, name in self.parts.items()})


class Checkpoints(Protocol):
    """Where finished steps of a fit are kept until it has finished."""

    def load(self, step: Step, state: StudyState) -> StudyState | None:
        """Return the state after a step that was finished before on the same input.

        Parameters
        ----------
        step
            The step that is next.
        state
            The state before it.

        Returns
        -------
        StudyState or None
            None where the step was not finished, or what was kept of it is damaged.
        """

    def save(self, step: Step, state: StudyState) -> None:
        """Keep a finished step.

        Parameters
        ----------
        step
            The step that has run.
        state
            The state after it.
        """
