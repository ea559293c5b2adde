"""The one error that bad input raises: what was wrong, where, and what to do."""

from __future__ import annotations


class InputError(ValueError):
    """Input that cannot be used as it is.

    Parameters
    ----------
    problem
        What was found and what was expected.
    where
        File, and line where there is one, as ``page.txt:12``.
    fix
        What the user can do about it.
    """

    def __init__(self, problem: str, *, where: str = "", fix: str = "") -> None:
        self.problem, self.where, self.fix = problem, where, fix
        text = f"{where}: {problem}" if where else problem
        super().__init__(" ".join((f"{text}; {fix}" if fix else text).split()))
