"""Words of either language to concepts, so that both meet in one vocabulary."""

from rare_topics.lexicon.concepts import Lexicon, Mention
from rare_topics.lexicon.reading import Reading, Tally, joined, read_block, read_texts
from rare_topics.lexicon.words import lemma, stop_words

__all__ = ["Lexicon", "Mention", "Reading", "Tally", "joined", "lemma", "read_block", "read_texts", "stop_words"]
