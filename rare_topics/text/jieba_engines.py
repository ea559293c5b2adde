"""Engines that split a run of Han characters into words, and the frequency of words."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Literal

from rare_topics.runtime.cache import DiskCache

Engine = Literal["auto", "jieba", "rjieba"]
# Takes a run of Han characters without spaces, returns its words.
WordCutter = Callable[[str], list[str]]

# Characters given to an engine at a time: longer than any sentence, since the time of jieba grows with the square.
MAX_RUN_LENGTH = 300
# Characters outside the range of jieba stand alone, in either engine.
_JIEBA_RUN = re.compile(f"[\u4e00-\u9fd5]{{1,{MAX_RUN_LENGTH}}}|.")
_WHOLE_RUN = re.compile(f"[\u4e00-\u9fd5]{{1,{MAX_RUN_LENGTH}}}")


@lru_cache(maxsize=8)
def word_cutter(engine: Engine, words: tuple[str, ...]) -> WordCutter:
    """Build a function that splits runs of Han characters.

    Parameters
    ----------
    engine
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed.
    words
        Words to add to the dictionary, with frequencies so high that none of them is split.

    Returns
    -------
    callable
        Takes a run of Han characters without spaces, returns its words.
    """
    return limit_run_length(_engine_cutter(engine, words))


def limit_run_length(cut: WordCutter) -> WordCutter:
    """Call a cutter with at most 300 characters at a time, and with characters unknown to jieba one by one."""

    def cut_run(run: str) -> list[str]:
        if _WHOLE_RUN.fullmatch(run):
            return cut(run)
        return [word for piece in _JIEBA_RUN.findall(run) for word in cut(piece)]

    return cut_run


def word_frequency(word: str) -> int:
    """Return how often a Chinese word occurs in the corpus behind jieba's dictionary, 0 for an unknown word."""
    return _frequency_lookup()(word)


def _engine_cutter(engine: Engine, words: tuple[str, ...]) -> WordCutter:
    words = tuple(word for word in dict.fromkeys(words) if len(word) > 1)
    frequencies = dict(zip(words, _unsplit_frequencies(words), strict=True))
    if engine != "jieba":
        try:
            import rjieba
        except ImportError:
            if engine == "rjieba":
                raise
        else:
            fast = rjieba.Jieba()
            for word, frequency in frequencies.items():
                fast.add_word(word, frequency, "n")
            return fast.cut  # type: ignore[no-any-return]
    tokenizer = _new_tokenizer() if frequencies else _general_tokenizer()
    for word, frequency in frequencies.items():
        # jieba would count a known word twice in its total, rjieba does not.
        tokenizer.total -= tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word, frequency, "n")
    return tokenizer.lcut  # type: ignore[no-any-return]


def _unsplit_frequencies(words: tuple[str, ...]) -> list[int]:
    """Return the frequencies at which jieba does not split the words; it is loaded only for words not in the cache."""
    cache = DiskCache("frequencies", version("jieba"))
    for word in words:
        if type(cache.get(word)) is not int:
            cache[word] = int(_general_tokenizer().suggest_freq(word))
    cache.save()
    return [cache[word] for word in words]


@lru_cache(maxsize=1)
def _frequency_lookup() -> Callable[[str], int]:
    try:
        import rjieba
    except ImportError:
        return lambda word: int(_general_tokenizer().FREQ.get(word) or 0)
    plain = rjieba.Jieba()
    return lambda word: int(plain.suggest_freq(word)) if plain.has_word(word) else 0


@lru_cache(maxsize=1)
def _general_tokenizer() -> Any:  # noqa: ANN401 - jieba is untyped
    """Return a tokenizer with the general dictionary, to which no word is added."""
    return _new_tokenizer()


def _new_tokenizer() -> Any:  # noqa: ANN401 - jieba is untyped
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba imports pkg_resources and has invalid escapes
        import jieba
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # `initialize` would unmarshal whatever lies in a cache; reading the dictionary itself takes half a second more.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
