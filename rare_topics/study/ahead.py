"""What other processes do while the steps of a fit run in this one: all that waits for no topics."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from scipy import sparse

from rare_topics.claims import Claims
from rare_topics.projection import MapProjector
from rare_topics.runtime.parallel import single_blas_thread
from rare_topics.study.similarity import compares_mixtures, mixture_rows
from rare_topics.study.state import StudyState
from rare_topics.study.text_reading import TextReading
from rare_topics.topics.mixtures import affinity_rows


class Ahead(NamedTuple):
    """A part of a fit that another process does while the steps before it run in this one.

    Attributes
    ----------
    after
        Name of the step after which all is there that it needs.
    task
        Takes the state, returns what the other process calls, which is pickled; None where there is nothing to do.
    finish
        Takes the state and what the task has returned, returns the state with it.
    """

    after: str
    task: Callable[[StudyState], Callable[[], Any] | None]
    finish: Callable[[StudyState, Any], StudyState]


class AheadOfSteps:
    """Hands parts of a fit to a helper as soon as they can begin, and takes their results when it is their turn.

    Parameters
    ----------
    helper
        A process; None leaves its parts to the steps.
    reading
        Themes and claims, read by another process; None leaves them to the steps.
    """

    def __init__(self, helper: Executor | None = None, *, reading: Future[TextReading | None] | None = None) -> None:
        self._helper = helper
        self._begun: dict[str, Future[Any]] = {} if reading is None else dict.fromkeys(READ_IN_TEXTS, reading)

    def begin(self, state: StudyState, *, after: str) -> None:
        """Begin what can begin after a step.

        Parameters
        ----------
        state
            The state after it.
        after
            Name of the step.
        """
        if self._helper is None:
            return
        for name, part in AHEAD.items():
            task = part.task(state) if part.after == after else None
            if task is not None:
                # A helper that was killed takes nothing any more.
                with suppress(BrokenExecutor):
                    self._begun[name] = self._helper.submit(_on_single_blas_thread, task)

    def finish(self, name: str, state: StudyState) -> StudyState | None:
        """Wait for a part.

        Parameters
        ----------
        name
            Its name.
        state
            The state that it is added to.

        Returns
        -------
        StudyState or None
            None where it was not begun, not done, or its process was killed.
        """
        begun = self._begun.pop(name, None)
        if begun is None:
            return None
        try:
            result = begun.result()
        except BrokenExecutor:
            return None
        if name not in READ_IN_TEXTS:
            return AHEAD[name].finish(state, result)
        return READ_IN_TEXTS[name](state, result) if result is not None and result.is_of(state.corpus) else None


def _on_single_blas_thread(task: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the task returns
    with single_blas_thread():
        return task()


def _map_task(state: StudyState) -> Callable[[], MapProjector]:
    return partial(MapProjector(random_state=state.settings.random_state).fit, state.vectors)


def with_map(state: StudyState, projector: MapProjector) -> StudyState:
    """Return the state with a fitted map."""
    return replace(state, projector=projector, coordinates=projector.embedding_)


def _with_themes(state: StudyState, reading: TextReading) -> StudyState:
    return state.keeping_tables(themes=reading.themes.subset(state.corpus, passage_topics=state.passage_topics))


def _with_claims(state: StudyState, reading: TextReading) -> StudyState:
    lexicon, segmenter = state.vectorizer.lexicon_, state.vectorizer.segmenter_
    claims = Claims(state.corpus, lexicon=lexicon, segmenter=segmenter, claims=reading.claims)
    return state.keeping_tables(claims=claims)


def _mixtures_task(state: StudyState) -> Callable[[], Any] | None:
    has_passages = state.passage_counts is not None and len(state.corpus) < state.settings.passages_below
    if not has_passages or not compares_mixtures(state):
        return None
    counts, rows = sparse.csr_matrix(state.passage_counts), state.corpus.passages.article_rows
    return partial(affinity_rows, counts, rows, random_state=state.settings.random_state)


def _with_mixtures(state: StudyState, rows: Any) -> StudyState:  # noqa: ANN401 - an array
    state.remember(mixture_rows, rows)
    return state


# In the order in which they are begun after one step.
AHEAD = {
    "map": Ahead("space", _map_task, with_map),
    "mixtures": Ahead("space", _mixtures_task, _with_mixtures),
}
READ_IN_TEXTS = {"themes": _with_themes, "claims": _with_claims}
