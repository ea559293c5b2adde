"""Words of either language to concepts, so that both meet in one vocabulary."""

from rare_topics.lexicon.lexicon import AskedConcepts, Lexicon, Mention

__all__ = ["AskedConcepts", "Lexicon", "Mention"]
