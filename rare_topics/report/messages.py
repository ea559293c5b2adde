"""What the report says of its own, in both languages."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")
Said = dict[str, str]


@lru_cache(maxsize=1)
def words() -> dict[str, Said]:
    """Read the words of the page, by key and language."""
    text = (files("rare_topics") / "data" / "report" / "words.toml").read_text("utf-8")
    return tomllib.loads(text)


def say(key: str, **values: Any) -> Said:  # noqa: ANN401 - whatever a format takes
    """Say a sentence in both languages.

    Parameters
    ----------
    key
        Of the sentence in ``words.toml``.
    **values
        What stands in its places; a dict has one value for each language.

    Returns
    -------
    dict
        The sentence by language.
    """
    return {
        lang: words()[key][lang].format(
            **{name: value[lang] if isinstance(value, dict) else value for name, value in values.items()}
        )
        for lang in LANGUAGES
    }
