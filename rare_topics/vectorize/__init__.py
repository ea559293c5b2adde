"""From tokens to counts of concepts, weights, and vectors in which the language does not count."""

from rare_topics.vectorize.concept_space import ConceptSpace
from rare_topics.vectorize.tfidf import ConceptTfidf
from rare_topics.vectorize.vectorizer import ConceptVectorizer

__all__ = ["ConceptSpace", "ConceptTfidf", "ConceptVectorizer"]
