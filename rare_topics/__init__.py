"""Topics, clusters and a map of Chinese and English news, each statement with its quote.

Names are imported when they are first used, so that ``import rare_topics`` takes no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rare_topics.runtime.lazy_names import lazy_names
from rare_topics.runtime.places import ensure_home

if TYPE_CHECKING:
    from rare_topics.claims import Claims
    from rare_topics.cluster import ConsensusClusterer
    from rare_topics.corpus import Article, Corpus, Limits, Passage, read, read_pages, read_table
    from rare_topics.errors import InputError
    from rare_topics.export import write_run
    from rare_topics.figures import plot_hierarchy, plot_map, plot_months, plot_topic_terms, save_figures
    from rare_topics.lexicon import Lexicon
    from rare_topics.projection import MapProjector
    from rare_topics.report import Report, write_report
    from rare_topics.study import Study, load
    from rare_topics.text import Segmenter, Token
    from rare_topics.themes import ThemeFinder, Themes, concepts
    from rare_topics.topics import StableTopicModel, TopicModel
    from rare_topics.vectorize import ConceptSpace, ConceptTfidf, ConceptVectorizer
    from rare_topics.widgets import map_widget, show_table

__version__ = "0.2.0"

# Libraries that are imported later ask for a home, which not every user id has.
ensure_home()

_HOMES = {
    "Article": "corpus",
    "Claims": "claims",
    "ConceptSpace": "vectorize",
    "ConceptTfidf": "vectorize",
    "ConceptVectorizer": "vectorize",
    "ConsensusClusterer": "cluster",
    "Corpus": "corpus",
    "InputError": "errors",
    "Lexicon": "lexicon",
    "Limits": "corpus",
    "MapProjector": "projection",
    "Passage": "corpus",
    "Report": "report",
    "Segmenter": "text",
    "StableTopicModel": "topics",
    "Study": "study",
    "Token": "text",
    "ThemeFinder": "themes",
    "Themes": "themes",
    "TopicModel": "topics",
    "concepts": "themes",
    "load": "study",
    "map_widget": "widgets",
    "plot_hierarchy": "figures",
    "plot_map": "figures",
    "plot_months": "figures",
    "plot_topic_terms": "figures",
    "read": "corpus",
    "read_pages": "corpus",
    "read_table": "corpus",
    "save_figures": "figures",
    "show_table": "widgets",
    "write_report": "report",
    "write_run": "export",
}

__all__ = [  # noqa: RUF022 - the order of the steps
    "read",
    "read_pages",
    "read_table",
    "Limits",
    "Article",
    "Passage",
    "Corpus",
    "Segmenter",
    "Token",
    "Lexicon",
    "ConceptVectorizer",
    "ConceptTfidf",
    "ConceptSpace",
    "TopicModel",
    "StableTopicModel",
    "ConsensusClusterer",
    "MapProjector",
    "ThemeFinder",
    "Themes",
    "Claims",
    "Study",
    "load",
    "concepts",
    "plot_hierarchy",
    "plot_map",
    "plot_months",
    "plot_topic_terms",
    "save_figures",
    "show_table",
    "map_widget",
    "Report",
    "write_report",
    "write_run",
    "InputError",
]


__getattr__ = lazy_names(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
