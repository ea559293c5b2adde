"""The engines that cut a run of Han characters into words, and how often words are used."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Literal

from rare_topics.runtime.cache import DiskCache, cache_folder

Engine = Literal["auto", "jieba", "rjieba"]
Cut = Callable[[str], list[str]]

# Characters outside jieba's range stand alone, in either engine. No sentence is as long as the longest
# run: jieba's time grows with its square.
_LONGEST_RUN = 300
_JIEBA_RUN = re.compile(f"[\u4e00-\u9fd5]{{1,{_LONGEST_RUN}}}|.")
_WHOLE_RUN = re.compile(f"[\u4e00-\u9fd5]{{1,{_LONGEST_RUN}}}")


@lru_cache(maxsize=8)
def engine(name: Engine, words: tuple[str, ...]) -> Cut:
    """Build a tokenizer of our own for runs of Han characters.

    Parameters
    ----------
    name
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed.
    words
        What it must know; their frequencies are such that none of them is split.

    Returns
    -------
    callable
        Takes a run of Han characters without spaces, returns its words.
    """
    return bounded(_plain_engine(name, words))


def bounded(cut: Cut) -> Cut:
    """Give an engine no run that is longer than 300 characters, and other characters one by one."""

    def cut_run(run: str) -> list[str]:
        if _WHOLE_RUN.fullmatch(run):
            return cut(run)
        return [word for piece in _JIEBA_RUN.findall(run) for word in cut(piece)]

    return cut_run


def _plain_engine(name: Engine, words: tuple[str, ...]) -> Cut:
    words = tuple(word for word in dict.fromkeys(words) if len(word) > 1)
    frequencies = dict(zip(words, _joining(words), strict=True))
    if name != "jieba":
        try:
            import rjieba
        except ImportError:
            if name == "rjieba":
                raise
        else:
            fast = rjieba.Jieba()
            for word, count in frequencies.items():
                fast.add_word(word, count, "n")
            return fast.cut  # type: ignore[no-any-return]
    tokenizer = _jieba() if frequencies else _general()
    for word, count in frequencies.items():
        # jieba would count a word that it knows twice in its total, which rjieba does not.
        tokenizer.total -= tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word, count, "n")
    return tokenizer.lcut  # type: ignore[no-any-return]


def _joining(words: tuple[str, ...]) -> list[int]:
    """Return the frequencies that keep words whole; jieba is loaded for words never asked for alone."""
    memo = DiskCache("frequencies", version("jieba"))
    for word in words:
        if type(memo.get(word)) is not int:
            memo[word] = int(_general().suggest_freq(word))
    memo.save()
    return [memo[word] for word in words]


@lru_cache(maxsize=1)
def _general() -> Any:  # noqa: ANN401 - jieba is untyped
    """Load the general dictionary, which no word is ever added to."""
    return _jieba()


@lru_cache(maxsize=1)
def _counter() -> Callable[[str], int]:
    try:
        import rjieba
    except ImportError:
        return lambda word: int(_general().FREQ.get(word) or 0)
    plain = rjieba.Jieba()
    return lambda word: int(plain.suggest_freq(word)) if plain.has_word(word) else 0


def frequency(word: str) -> int:
    """Return how often jieba's corpus holds a Chinese word, 0 for an unknown one."""
    return _counter()(word)


def _jieba() -> Any:  # noqa: ANN401 - jieba is untyped
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba imports pkg_resources and has invalid escapes
        import jieba
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    if cache_folder().is_dir():
        tokenizer.tmp_dir = str(cache_folder())
    tokenizer.initialize()
    return tokenizer
