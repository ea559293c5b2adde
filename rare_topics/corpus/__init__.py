"""From saved pages and tables to a corpus of articles and their passages."""

from rare_topics.corpus.corpus import Corpus, Readable, read, read_pages, read_table
from rare_topics.corpus.limits import Limits
from rare_topics.corpus.passages import Passages
from rare_topics.corpus.records import Article, Passage

__all__ = ["Article", "Corpus", "Limits", "Passage", "Passages", "Readable", "read", "read_pages", "read_table"]
