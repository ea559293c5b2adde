"""What was asked of a study: its settings, and the user's own files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rare_topics.corpus.limits import read_bytes


class Asked:
    """Settings of a study."""

    n_topics: int | None
    n_clusters: int | None
    lexicon: str | Path | None
    glosses: str | Path | None
    themes_file: str | Path | None
    random_state: int

    @property
    def parameters(self) -> dict[str, Any]:
        """The numbers that were asked for, by parameter."""
        return {"n_topics": self.n_topics, "n_clusters": self.n_clusters, "random_state": self.random_state}

    @property
    def settings(self) -> dict[str, Any]:
        """What was asked for, by parameter; files by their names."""
        names = {role: Path(path).name if path is not None else None for role, path in self._own_paths.items()}
        return {**self.parameters, **names}

    def read_own_files(self) -> dict[str, tuple[str, bytes]]:
        """Keep what the user's own files say now, by role, so that a saved study can bring it along."""
        paths = {role: Path(path) for role, path in self._own_paths.items() if path is not None}
        return {role: (path.name, read_bytes(path)) for role, path in paths.items()}

    @property
    def _own_paths(self) -> dict[str, str | Path | None]:
        return {"lexicon": self.lexicon, "glosses": self.glosses, "themes": self.themes_file}
