"""Mixed Chinese and English text to tokens that know where they stand."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sklearn.base import BaseEstimator, TransformerMixin

from rare_topics.lexicon_file import domain_words
from rare_topics.scripts import HAN

Engine = Literal["auto", "jieba", "rjieba"]
Cut = Callable[[str], list[str]]

# Characters outside jieba's range stand alone, in either engine. No sentence is as long as the longest
# run: jieba's time grows with its square.
_JIEBA_RUN = re.compile("[\u4e00-\u9fd5]{1,300}|.")

# Full-width digits, letters and signs that numbers are made of; a comma stays, it separates clauses.
_FOLD = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_FOLD |= {0xFF04: ord("$"), 0xFF05: ord("%"), 0xFF0E: ord("."), 0xFFE5: ord("\u00a5"), 0x2019: ord("'")}

_AMOUNT = r"\d+(?:[,.]\d+)*"
_SCALE = r"(?:\s?(?:trillion|billion|million|thousand|hundred|percent|tons?|tonnes?)(?![A-Za-z])|[十百千万亿兆]+)"
_MEASURE = (
    "(?:公斤|千克|公里|平方|英里|英尺|美元|欧元|日元|澳元|卢布|港元|人民币|世纪|年代|个月|小时|分钟|季度|"
    "[年月日号天时分秒周岁成倍次个项吨克米家种人名位台辆架艘枚元级条件座届%]|年前|年后)"
)
_PATTERNS = {
    "citation": r"\[\d+\]",
    "code": (
        r"(?<![A-Za-z0-9])(?:[A-Z]{1,6}\.[A-Z]{2}(?![A-Za-z.])|\d{4,6}\.(?:SH|SZ|HK|BJ)(?![A-Za-z0-9])"
        r"|[A-Za-z]+(?:-?\d+)+(?:-?[A-Za-z0-9]+)*|\d{1,2}[A-Z](?![A-Za-z0-9]))"
    ),
    "number": (
        rf"(?:(?:US|AU|A|C|HK)?\$|AUD |USD |RMB |[\u20ac\u00a3\u00a5])?[-\u2212]?{_AMOUNT}"
        rf"(?:(?:st|nd|rd|th|s)(?![A-Za-z])|%|{_SCALE})?(?:\s?(?:-|\u2013|~|\u81f3|\u5230)\s?\$?{_AMOUNT}%?)?"
        rf"(?:{_SCALE})?{_MEASURE}?"
    ),
    "latin": r"(?:[A-Za-z]\.){2,}|[A-Z]\.[A-Z](?![A-Za-z])|[A-Z]&[A-Z](?![A-Za-z])|[^\W\d_" + HAN + r"]+(?:'[a-z]+)?",
    # A single space between Han characters is the end of a line that was wrapped.
    "han": rf"[{HAN}]+(?: [{HAN}]+)*",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()))
_POSSESSIVE = re.compile(r"'s?$")
_UNITS = "年月日号天吨个名项家倍成次元"
_NUMERAL = re.compile(f"[零〇一二两三四五六七八九十百千万亿几数多余半第]+[{_UNITS}]?")


class Token(NamedTuple):
    """One token.

    Attributes
    ----------
    text
        As it is looked up: without line wraps and possessive endings, Han characters simplified.
    start, end
        Where it is printed: character offsets into the text.
    kind
        ``han``, ``latin``, ``number`` or ``code`` (a ticker, ``F-35``, ``5G``).
    """

    text: str
    start: int
    end: int
    kind: str


class Segmenter(TransformerMixin, BaseEstimator):
    """Cut mixed Chinese and English text into tokens with offsets.

    Numbers with their units, tickers, codes and Latin words are cut out first; only runs of
    Han characters reach jieba, through a tokenizer of its own. Citation marks give no token.

    Parameters
    ----------
    words
        Chinese words the dictionary must know; None takes those of the domain lexicon.
    engine
        ``"rjieba"``, ``"jieba"``, or ``"auto"``: rjieba where it is installed. Both give the
        same tokens, save where a text repeats itself and two cuts are exactly as likely.

    Examples
    --------
    >>> [token.text for token in Segmenter().tokenize("F-35 needs 2.1万项稀土专利, U.S. says [3].")]
    ['F-35', 'needs', '2.1万项', '稀土', '专利', 'U.S.', 'says']
    """

    def __init__(self, words: Sequence[str] | None = None, *, engine: Engine = "auto") -> None:
        self.words = words
        self.engine = engine

    def fit(self, texts: Iterable[str], y: object = None) -> Segmenter:
        """Do nothing: a segmenter learns nothing from texts."""
        return self

    def transform(self, texts: Iterable[str]) -> list[list[Token]]:
        """Tokenize each text; see `tokenize`."""
        return [self.tokenize(text) for text in texts]

    def tokenize(self, text: str) -> list[Token]:
        """Tokenize one text.

        Parameters
        ----------
        text
            Any text; offsets count its characters.

        Returns
        -------
        list of Token
            In order, never overlapping.
        """
        cut = self._cut
        tokens: list[Token] = []
        for match in _TOKEN.finditer(folded(text)):
            kind = match.lastgroup or ""
            if kind == "han":
                tokens += _han_tokens(match[0], match.start(), cut)
            elif kind != "citation":
                tokens.append(Token(_POSSESSIVE.sub("", match[0]), match.start(), match.end(), kind))
        return tokens

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_made"}

    @property
    def _cut(self) -> Cut:
        """The engine, looked up anew only where a parameter was changed."""
        engine, words, cut = self.__dict__.get("_made", ("", None, None))
        if cut is None or engine != self.engine or words is not self.words:
            known = domain_words() if self.words is None else tuple(self.words)
            cut = _engine(self.engine, known)
            self._made = (self.engine, self.words, cut)
        return cut  # type: ignore[no-any-return]


def _han_tokens(run: str, offset: int, cut: Cut) -> Iterator[Token]:
    joined = run.replace(" ", "")
    at = [number for number, char in enumerate(run) if char != " "] if len(joined) < len(run) else None
    position, kind = 0, ""
    for piece in _JIEBA_RUN.finditer(joined):
        for word in cut(piece[0]):
            last = position + len(word) - 1
            start, end = (position, last + 1) if at is None else (at[position], at[last] + 1)
            counted = kind == "number" and word in _UNITS
            kind = "number" if counted or _NUMERAL.fullmatch(word) else "han"
            yield Token(word, offset + start, offset + end, kind)
            position = last + 1


@lru_cache(maxsize=8)
def _engine(name: Engine, words: tuple[str, ...]) -> Cut:
    """Build a tokenizer of our own; the frequencies of `words` are such that none is split."""
    words = tuple(word for word in dict.fromkeys(words) if len(word) > 1)
    frequencies = dict(zip(words, _joining(words), strict=True)) if words else {}
    if name != "jieba":
        try:
            import rjieba
        except ImportError:
            if name == "rjieba":
                raise
        else:
            fast = rjieba.Jieba()
            for word, frequency in frequencies.items():
                fast.add_word(word, frequency, "n")
            return fast.cut  # type: ignore[no-any-return]
    tokenizer = _jieba() if frequencies else _general()
    for word, frequency in frequencies.items():
        # jieba would count a word that it knows twice in its total, which rjieba does not.
        tokenizer.total -= tokenizer.FREQ.get(word, 0)
        tokenizer.add_word(word, frequency, "n")
    return tokenizer.lcut  # type: ignore[no-any-return]


def _joining(words: tuple[str, ...]) -> list[int]:
    """Return the frequencies that keep words whole, from the cache where jieba need not be loaded for them."""
    digest = hashlib.sha256("\n".join((version("jieba"), *words)).encode()).hexdigest()[:16]
    file = _cache() / f"frequencies-{digest}.json"
    try:
        known = json.loads(file.read_text("ascii"))
        if isinstance(known, list) and len(known) == len(words) and all(type(count) is int for count in known):
            return known
    except (OSError, ValueError):
        pass
    general = _general()
    counts = [int(general.suggest_freq(word)) for word in words]
    try:
        with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=file.parent, delete=False) as draft:
            json.dump(counts, draft)
        Path(draft.name).replace(file)
    except OSError:
        logging.getLogger(__name__).info("no cache folder at %s", file.parent)
    return counts


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
    if _cache().is_dir():
        tokenizer.tmp_dir = str(_cache())
    tokenizer.initialize()
    return tokenizer


@lru_cache(maxsize=1)
def _cache() -> Path:
    """Make the folder in which dictionaries are kept between processes."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "rare_topics"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        logging.getLogger(__name__).info("no cache folder at %s", folder)
    return folder


def folded(text: str) -> str:
    """Turn full-width digits, letters and signs into narrow ones and traditional characters into simplified ones.

    Returns
    -------
    str
        Of the same length, so that offsets stay.
    """
    return simplified(text.translate(_FOLD))


def simplified(text: str) -> str:
    """Turn traditional characters into simplified ones, one for one.

    Parameters
    ----------
    text
        Han characters.

    Returns
    -------
    str
        Of the same length; the text itself where it holds no traditional character.
    """
    return text if text.isascii() else text.translate(_simplifying())


@lru_cache(maxsize=1)
def _simplifying() -> dict[int, str]:
    from opencc import OpenCC

    characters = "".join(map(chr, range(0x3400, 0xA000)))
    pairs = zip(characters, OpenCC("t2s").convert(characters), strict=True)
    return {ord(traditional): simple for traditional, simple in pairs if traditional != simple}
