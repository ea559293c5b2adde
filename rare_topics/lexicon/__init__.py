"""Words of either language to concepts, so that both meet in one vocabulary."""

from rare_topics.lexicon.concepts import Lexicon, Mention
from rare_topics.lexicon.kept import KeptReadings
from rare_topics.lexicon.reading import Reading, Tally, joined, read_block, read_blocks, read_texts
from rare_topics.lexicon.vocabulary import Vocabulary, summed
from rare_topics.lexicon.words import lemma, stop_words

__all__ = [
    "KeptReadings",
    "Lexicon",
    "Mention",
    "Reading",
    "Tally",
    "Vocabulary",
    "joined",
    "lemma",
    "read_block",
    "read_blocks",
    "read_texts",
    "stop_words",
    "summed",
]
