"""What a helper process does while the steps of a fit run in this one: about half of what waits for no topics."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from scipy import sparse

from rare_topics.projection import MapProjector
from rare_topics.runtime.parallel import limit_blas_threads
from rare_topics.study.similarity import compares_mixtures, mixture_rows
from rare_topics.study.state import StudyState
from rare_topics.themes import Themes
from rare_topics.themes.finder import find_themes
from rare_topics.topics.mixtures import affinity_rows


class Ahead(NamedTuple):
    """A part of a fit that another process does while the steps before it run in this one.

    Attributes
    ----------
    after
        Name of the step after which all is there that it needs; empty where the articles are enough.
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
        A process; None leaves everything to the steps.
    """

    def __init__(self, helper: Executor | None) -> None:
        self._helper = helper
        self._begun: dict[str, Future[Any]] = {}

    def begin(self, state: StudyState, *, after: str = "") -> None:
        """Begin what can begin after a step.

        Parameters
        ----------
        state
            The state after it.
        after
            Name of the step; empty before the first.
        """
        if self._helper is None:
            return
        for name, part in AHEAD.items():
            task = part.task(state) if part.after == after else None
            if task is not None:
                # A helper that was killed takes nothing any more.
                with suppress(BrokenExecutor):
                    self._begun[name] = self._helper.submit(_on_few_threads, task, len(state.corpus))

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
            None where it was not begun, or its process was killed.
        """
        begun = self._begun.pop(name, None)
        try:
            return None if begun is None else AHEAD[name].finish(state, begun.result())
        except BrokenExecutor:
            return None


def _on_few_threads(task: Callable[[], Any], n_articles: int) -> Any:  # noqa: ANN401 - whatever the task returns
    with limit_blas_threads(n_articles):
        return task()


def _map_task(state: StudyState) -> Callable[[], MapProjector]:
    return partial(MapProjector(random_state=state.settings.random_state).fit, state.vectors)


def with_map(state: StudyState, projector: MapProjector) -> StudyState:
    """Return the state with a fitted map."""
    return replace(state, projector=projector, coordinates=projector.embedding_)


def _themes_task(state: StudyState) -> Callable[[], Themes]:
    settings = state.settings
    return partial(
        find_themes,
        state.corpus,
        themes=settings.themes,
        lexicon=settings.lexicon,
        role_encoder=settings.role_encoder,
        random_state=settings.random_state,
    )


def _with_themes(state: StudyState, themes: Themes) -> StudyState:
    return state.keeping_tables(themes=themes.subset(state.corpus, passage_topics=state.passage_topics))


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
    "themes": Ahead("", _themes_task, _with_themes),
    "map": Ahead("space", _map_task, with_map),
    "mixtures": Ahead("space", _mixtures_task, _with_mixtures),
}
