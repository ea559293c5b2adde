"""Functions of a state as methods and properties of `Study`: what is said of them stands once, with the function."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from rare_topics.study.state import StudyState

P = ParamSpec("P")
T = TypeVar("T")
# The lines of a docstring that describe the parameter `state`.
_STATE = re.compile(r"^( *)state(?: : StudyState)?\n(?:\1 +.*\n)+", re.MULTILINE)
_NO_PARAMETERS = re.compile(r"(?<! ) *Parameters\n *-+\n(?=\s*(?:Returns|Raises|\Z))")


def of_state(function: Callable[Concatenate[StudyState, P], T]) -> Callable[Concatenate[Any, P], T]:
    """Make a method of a study of a function of its state.

    Parameters
    ----------
    function
        Takes a state first.

    Returns
    -------
    callable
        A method with the same further parameters and the same description.
    """

    @wraps(function)
    def method(study: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:  # noqa: ANN401 - a study
        return function(study.state, *args, **kwargs)

    _describe(method, function)
    return method


def result_of_state(function: Callable[[StudyState], T]) -> T:
    """Make a property of a study of a function of its state that takes nothing else; see `of_state`."""
    # Declared as what it gives, as a type checker knows nothing of properties that are not written out.
    return property(of_state(function))  # type: ignore[return-value]


def edit_of_state(function: Callable[Concatenate[StudyState, P], StudyState]) -> Callable[Concatenate[Any, P], Any]:
    """Make a method that returns a new study of a function that returns a new state; see `of_state`."""

    @wraps(function)
    def method(study: Any, /, *args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - a study
        return study._with_state(function(study.state, *args, **kwargs))  # noqa: SLF001 - of the study's own

    _describe(method, function)
    method.__doc__ = (method.__doc__ or "").replace("StudyState\n", "Study\n")
    return method


def _describe(method: Any, function: Callable[..., Any]) -> None:  # noqa: ANN401 - a function
    signature = inspect.signature(function)
    _, *others = signature.parameters.values()
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    returned = "Study" if signature.return_annotation == "StudyState" else signature.return_annotation
    method.__signature__ = signature.replace(parameters=[itself, *others], return_annotation=returned)
    method.__doc__ = _NO_PARAMETERS.sub("", _STATE.sub("", inspect.getdoc(function) or ""))
