"""What is read in the articles alone and waits for no step of a fit: themes and claims."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

from rare_topics.claims.extractor import Claim, ClaimReader
from rare_topics.corpus import Corpus, Limits, read
from rare_topics.corpus.languages import is_bilingual, language_of
from rare_topics.lexicon import Lexicon
from rare_topics.lexicon.cedict import Glosses
from rare_topics.runtime.parallel import PARALLEL_FROM
from rare_topics.study.state import StudySettings
from rare_topics.text.tokenizer import MixedTextTokenizer
from rare_topics.themes import Themes

# Larger inputs hold more articles than are read ahead, and would be read twice for nothing.
MOST_BYTES = 50_000_000


class TextReading(NamedTuple):
    """Themes and claims of a corpus.

    Attributes
    ----------
    inputs
        Name and digest of each file that was read.
    themes, claims
        As the steps of a fit find them.
    """

    inputs: tuple[tuple[str, str], ...]
    themes: Themes
    claims: tuple[Claim, ...]

    def is_of(self, corpus: Corpus) -> bool:
        """Return whether the same files were read."""
        return self.inputs == tuple(corpus.inputs)


def read_texts(source: str | Path, *, settings: StudySettings, limits: Limits) -> TextReading | None:
    """Read themes and claims, for a process beside the one that fits.

    Parameters
    ----------
    source
        Path of what is fitted.
    settings
        Those of the study.
    limits
        Largest input.

    Returns
    -------
    TextReading or None
        None of a large collection, which is read in several processes anyway.

    Raises
    ------
    InputError
        If an input or one of the user's own files cannot be read.
    """
    if _n_bytes(Path(source)) > MOST_BYTES:
        return None
    corpus = read(source, limits=limits)
    if len(corpus) >= PARALLEL_FROM:
        return None
    themes = settings.theme_finder.find_themes(corpus)
    glossed = is_bilingual(Counter(map(language_of, corpus.passages.texts)))
    lexicon = Lexicon(settings.lexicon, glosses=Glosses(settings.glosses), gloss=glossed)
    claims = ClaimReader(lexicon, MixedTextTokenizer(lexicon.words)).read(corpus.articles)
    return TextReading(tuple(corpus.inputs), themes, tuple(claims))


def _n_bytes(path: Path) -> int:
    """Return the size of a file, or of the files of a folder; what cannot be looked at has none."""
    try:
        files = path.iterdir() if path.is_dir() else [path]
        return sum(file.stat().st_size for file in files)
    except OSError:
        return 0
