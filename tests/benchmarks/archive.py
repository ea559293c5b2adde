"""Synthetic bilingual archives of any size, with what is to be found planted in them.

    python tests/benchmarks/archive.py 10000 archive.jsonl [--topics K] [--random-state N]

Words are drawn from jieba's dictionary as often as they are used; an English article prints the
first sense that CC-CEDICT gives for each. Every article mixes a few of K topics, each with
words of its own that rise and fall with the months; one article in fifty tells an earlier one
again with a few words changed. The table has the columns id, title, text, published, source,
lang and label: the topic that an article holds most of.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from rare_topics.lexicon.cedict import Glosses
from rare_topics.lexicon.lemmas import stop_words

FIRST_DAY = datetime(2022, 1, 3, 8, 0)  # noqa: DTZ001 - feeds print no time zone
DAYS = 1000
SOURCES = ("Morning Ledger", "Ore and Metal", "财经早报", "北方矿业网", "Harbour News")
COMMON_WORDS, TOPIC_WORDS = 20_000, 80
SHARE_OF_TOPIC = 0.3
REPEATED, CHANGED = 0.02, 0.05
LENGTH_OF_SENTENCE = (9, 22)
WORDS = 300


@dataclass(frozen=True)
class Vocabulary:
    """Words in both languages, word for word, and how likely each is."""

    zh: np.ndarray
    en: np.ndarray
    heap: np.ndarray
    topics: np.ndarray

    def draw(self, mixture: np.ndarray, n_words: int, rng: np.random.Generator) -> np.ndarray:
        """Draw words: most from the language as a whole, some from the topics."""
        words = np.searchsorted(self.heap, rng.random(n_words) * self.heap[-1])
        topical = rng.random(n_words) < SHARE_OF_TOPIC
        topics = rng.choice(len(mixture), topical.sum(), p=mixture)
        # The first words of a topic are its commonest.
        ranks = (TOPIC_WORDS * rng.random(len(topics)) ** 2).astype(int)
        words[topical] = self.topics[topics, ranks]
        return words


def vocabulary(n_topics: int, rng: np.random.Generator) -> Vocabulary:
    """Take the commonest words that CC-CEDICT knows; topics own words from the rarer half."""
    import jieba

    glosses, function_words = Glosses(), stop_words("zh")
    with jieba.get_dict_file() as file:
        counted = [line.decode("utf-8").split() for line in file]
    known = [(word, int(count), glosses.senses(word)) for word, count, *_ in counted if word in glosses]
    known = [(word, count, senses[0].removeprefix("to ")) for word, count, senses in known if senses]
    known.sort(key=lambda entry: (-entry[1], entry[0]))
    known = known[:COMMON_WORDS]
    own = [n for n, (word, *_) in enumerate(known) if n > 1000 and len(word) > 1 and word not in function_words]
    return Vocabulary(
        zh=np.array([word for word, *_ in known], dtype=object),
        en=np.array([sense for *_, sense in known], dtype=object),
        heap=np.cumsum([count for _, count, _ in known]),
        topics=rng.permutation(own)[: n_topics * TOPIC_WORDS].reshape(n_topics, TOPIC_WORDS),
    )


def articles(n: int, *, n_topics: int = 20, random_state: int = 0) -> Iterator[dict[str, str]]:
    """Draw articles, one at a time, so that an archive of any size needs no memory.

    Yields
    ------
    dict
        A row of the table. `label` is the planted topic; the id of a retelling ends in ``r``
        and the number of the article it retells.
    """
    rng = np.random.default_rng(random_state)
    words = vocabulary(n_topics, rng)
    peaks = rng.integers(DAYS, size=n_topics)
    earlier: list[tuple[int, np.ndarray, np.ndarray, bool]] = []
    for number in range(n):
        day = int(rng.integers(DAYS))
        if earlier and rng.random() < REPEATED:
            source, mixture, drawn, chinese = earlier[int(rng.integers(len(earlier)))]
            drawn = np.where(rng.random(len(drawn)) < CHANGED, words.draw(mixture, len(drawn), rng), drawn)
            name = f"{number:07d}r{source}"
        else:
            rise = np.exp(-(((day - peaks) / DAYS) ** 2) * 8)
            mixture = rng.dirichlet(0.02 + 0.2 * rise)
            drawn = words.draw(mixture, max(30, int(rng.normal(WORDS, WORDS / 4))), rng)
            chinese = bool(rng.random() < 0.5)
            name = f"{number:07d}"
            earlier = [*earlier[-999:], (number, mixture, drawn, chinese)]
        yield {
            "id": name,
            "title": _sentence(drawn[:8], words, chinese=chinese)[:-1],
            "text": _text(drawn, words, rng, chinese=chinese),
            "published": f"{FIRST_DAY + timedelta(days=day, minutes=int(rng.integers(600))):%Y-%m-%d %H:%M}",
            "source": SOURCES[int(rng.integers(len(SOURCES)))],
            "lang": "zh" if chinese else "en",
            "label": f"topic {int(mixture.argmax())}",
        }


def write(path: Path, n: int, **settings: int) -> Path:
    """Write an archive as JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for row in articles(n, **settings):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path


def _text(drawn: np.ndarray, words: Vocabulary, rng: np.random.Generator, *, chinese: bool) -> str:
    ends = np.cumsum(rng.integers(*LENGTH_OF_SENTENCE, size=len(drawn) // LENGTH_OF_SENTENCE[0] + 1))
    parts = np.split(drawn, ends[ends < len(drawn)])
    return ("" if chinese else " ").join(_sentence(part, words, chinese=chinese) for part in parts)


def _sentence(drawn: np.ndarray, words: Vocabulary, *, chinese: bool) -> str:
    if chinese:
        return "".join(words.zh[drawn]) + "。"
    text = " ".join(words.en[drawn])
    return text[:1].upper() + text[1:] + "."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("n", type=int, help="number of articles")
    parser.add_argument("path", type=Path, help="a .jsonl file to write")
    parser.add_argument("--topics", type=int, default=20, metavar="K")
    parser.add_argument("--random-state", type=int, default=0, metavar="N")
    options = parser.parse_args()
    write(options.path, options.n, n_topics=options.topics, random_state=options.random_state)


if __name__ == "__main__":
    main()
