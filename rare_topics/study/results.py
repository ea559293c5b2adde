"""What a fitted study found, as tables."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from rare_topics.cluster import UNPLACED, ConsensusClusterer
from rare_topics.projection.map_projector import MapProjector
from rare_topics.study.labels import Namer, log_odds
from rare_topics.study.metrics import coherence, diversity, language_leakage
from rare_topics.study.shown import as_html, summary
from rare_topics.study.start import Start
from rare_topics.study.told import Told
from rare_topics.topics import StableTopicModel, leading
from rare_topics.vectorize.collocations import find_collocations

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

# Below this many articles their passages are the documents of the topic model.
PASSAGES_BELOW = 200
TERMS_PER_TOPIC = 10
MAP_STATES = 3
# Passages that are searched for terms of several words at most.
SEARCHED_FOR_TERMS = 10_000
# z-scores below this say nothing.
SET_APART = 0.01
UNNAMED = {"zh": "未命名", "en": "unnamed"}
UNPLACED_NAMES = {"label_zh": "未归类", "label_en": "unplaced"}


class Results(Told):
    """Tables of a fitted study, each made when it is first asked for."""

    warnings: list[str]
    topic_model_: StableTopicModel
    clusterer_: ConsensusClusterer
    projector_: MapProjector
    # None in all but small collections.
    passage_counts: sparse.csr_array | None
    labels: NDArray[np.int64]
    confidence: NDArray[np.float64]
    places: NDArray[np.float64]
    topic_ids: list[int]
    grown: bool

    @cached_property
    def start(self) -> Start:
        """The first state of this study; that of a grown one is its ancestor's."""
        return Start.of(self)

    def __repr__(self) -> str:
        return f"<study: {summary(self)}>"

    def _repr_html_(self) -> str:
        return as_html(self)

    @cached_property
    def concepts(self) -> NDArray[np.object_]:
        """The vocabulary, in the order of the columns of the counts."""
        return self.vectorizer_.get_feature_names_out()

    @property
    def documents(self) -> sparse.csr_array:
        """Counts of the documents of the topic model: passages of a small corpus, articles of a large one."""
        return self.counts if not self.by_passage or self.passage_counts is None else self.passage_counts

    @cached_property
    def namer(self) -> Namer:
        """What names concepts, and terms of several concepts, as the corpus prints them."""
        vectorizer = self.vectorizer_
        sample = self.corpus.passages[:: -(-len(self.corpus.passages) // SEARCHED_FOR_TERMS)]
        texts = [passage.text for passage in sample]
        mentions = (vectorizer.lexicon_.mentions(vectorizer.segmenter_.tokenize(text)) for text in texts)
        found = find_collocations(texts, mentions, articles=[passage.article_id for passage in sample])
        return Namer(vectorizer.lexicon_, vectorizer.surfaces_, found)

    @cached_property
    def scores(self) -> dict[str, float | None]:
        """Figures of merit of the fitted steps; None where a corpus of one language has none."""
        langs = [article.body_lang for article in self.corpus]
        placed = self.space_.transform_raw(self.counts)
        terms = [self.vectorizer_.columns(terms) for terms in self._top_terms]
        return {
            "n_topics": self.topic_model_.n_topics_,
            "n_clusters": self.clusterer_.n_clusters_,
            "topic_stability": round(float(self.topic_model_.stability_.mean()), 4),
            "cluster_confidence": round(float(self.confidence.mean()), 4),
            "trustworthiness": round(self.projector_.trustworthiness_, 4),
            **coherence(terms, self.documents),
            "topic_diversity": diversity(terms),
            **language_leakage(placed, self.labels, self.places, langs),
        }

    @cached_property
    def topics(self) -> pd.DataFrame:
        """Topics, one a row: labels and terms in both languages, share, stability, number of articles."""
        import pandas as pd

        rows = []
        for column, (topic, terms) in enumerate(zip(self.topic_ids, self._top_terms, strict=True)):
            rows.append(
                {
                    "topic": topic,
                    **(self._kept_names("topic_names", topic) or self._labels(terms)),
                    "terms_zh": "; ".join(self.namer.terms(terms, "zh")),
                    "terms_en": "; ".join(self.namer.terms(terms, "en")),
                    "share": round(float(self.doc_topic[self.counted, column].mean()), 4),
                    "stability": round(float(self.topic_model_.stability_[column]), 4),
                    "n_articles": int((self.doc_topic.argmax(axis=1) == column).sum()),
                }
            )
        return pd.DataFrame(rows)

    @cached_property
    def topic_terms(self) -> pd.DataFrame:
        """Terms of each topic: probability with its interval over resamples."""
        import pandas as pd

        model = self.topic_model_
        return pd.DataFrame(
            {
                "topic": topic,
                "concept": term,
                "term_zh": self.namer.name(term, "zh"),
                "term_en": self.namer.name(term, "en"),
                "probability": round(float(model.topic_term_[row, column]), 6),
                "low": round(float(model.low_[row, column]), 6),
                "high": round(float(model.high_[row, column]), 6),
            }
            for row, (topic, terms) in enumerate(zip(self.topic_ids, self._top_terms, strict=True))
            for term in terms
            for column in [self.vectorizer_.vocabulary_[term]]
        )

    @cached_property
    def article_topics(self) -> pd.DataFrame:
        """Topics of each article that make up at least a twentieth of it."""
        import pandas as pd

        return pd.DataFrame(
            (
                (article.article_id, self.topic_ids[column], weight)
                for article, mixture in zip(self.corpus, self.doc_topic, strict=True)
                for column, weight in leading(mixture)
            ),
            columns=["article_id", "topic", "weight"],
        )

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """Cluster of each article, -1 for the unplaced, with confidence and the cluster's label."""
        import pandas as pd

        labels = {
            number: self._kept_names("cluster_names", number) or self._labels(terms)
            for number, terms in zip(self.cluster_ids, self._cluster_terms, strict=True)
        }
        labels[UNPLACED] = UNPLACED_NAMES
        return pd.DataFrame(
            {
                "article_id": article.article_id,
                "cluster": int(cluster),
                "confidence": round(float(confidence), 4),
                **labels[int(cluster)],
            }
            for article, cluster, confidence in zip(self.corpus, self.labels, self.confidence, strict=True)
        )

    @cached_property
    def map(self) -> pd.DataFrame:
        """Place of each article on the map."""
        return self._places(self.places)

    @cached_property
    def maps(self) -> pd.DataFrame:
        """The map from several random states, turned to lie over the first."""
        import pandas as pd

        states = [self.random_state + number for number in range(MAP_STATES)]
        first = self.places
        maps = [MapProjector(random_state=state).fit(self.vectors).align_to(first) for state in states]
        places = map(self._places, maps)
        return pd.concat([place.assign(random_state=state) for state, place in zip(states, places, strict=True)])

    @cached_property
    def choice(self) -> pd.DataFrame:
        """How steadily topics come back for each number considered; empty where it was given."""
        import pandas as pd

        return pd.DataFrame(
            [
                (n, *np.round([likeness.mean(), likeness.min(), likeness.max()], 4), n == self.topic_model_.chosen_)
                for n, likeness in self.topic_model_.choice_
            ],
            columns=["n_topics", "stability", "low", "high", "chosen"],
        )

    @cached_property
    def terms(self) -> pd.DataFrame:
        """Concepts by the number of articles that name them, and in which language they do."""
        import pandas as pd

        langs = np.array([article.body_lang for article in self.corpus])
        present = sparse.csc_array(self.counts > 0)
        in_lang = {lang: np.asarray(present[langs == lang].sum(axis=0)).ravel() for lang in ("en", "zh")}
        frame = pd.DataFrame(
            {
                "concept": self.concepts,
                "n_articles": np.asarray(present.sum(axis=0)).ravel(),
                **{f"share_{lang}": np.round(n / max((langs == lang).sum(), 1), 4) for lang, n in in_lang.items()},
            }
        ).sort_values(["n_articles", "concept"], ascending=[False, True], ignore_index=True)
        for lang in ("zh", "en"):
            frame.insert(1, f"term_{lang}", [self.namer.name(concept, lang) for concept in frame["concept"]])
        return frame

    @cached_property
    def cluster_ids(self) -> list[int]:
        """Numbers of the clusters."""
        return sorted({int(label) for label in self.labels} - {UNPLACED})

    @cached_property
    def _top_terms(self) -> list[list[str]]:
        mass = self.doc_topic.sum(axis=0)[:, None] / len(self.corpus) * self._totals.sum()
        return self._telling_terms(self.topic_model_.topic_term_ * mass)

    @cached_property
    def _cluster_terms(self) -> list[list[str]]:
        member = self.labels == np.array(self.cluster_ids)[:, None]
        return self._telling_terms(sparse.csr_array(member.astype(np.float64)) @ self.counts)

    @cached_property
    def _totals(self) -> NDArray[np.float64]:
        return np.asarray(self.counts.sum(axis=0)).ravel()

    def _telling_terms(self, groups: NDArray[np.float64] | sparse.csr_array) -> list[list[str]]:
        """List the concepts that set each group apart and that more than one article names."""
        dense = groups if isinstance(groups, np.ndarray) else groups.toarray()
        shared = np.bincount(self.counts.indices, minlength=len(self.concepts)) > 1
        scores = np.where(shared, log_odds(dense, self._totals), -np.inf)
        # A group that nothing sets apart, as where it is the whole corpus, is told by what it names most.
        plain = ~(scores > SET_APART).any(axis=1) | (len(dense) == 1)
        scores[plain] = dense[plain] * np.where(shared, 1, SET_APART)
        ranked = np.argsort(-scores, axis=1, kind="stable")[:, :TERMS_PER_TOPIC]
        return [
            [str(self.concepts[column]) for column in columns if row[column] > 0]
            for columns, row in zip(ranked, scores, strict=True)
        ]

    def _kept_names(self, kind: str, number: int) -> dict[str, str]:
        """Return the name that a topic or cluster of a grown study had at first, if it was there."""
        names = getattr(self.start, kind).get(str(number)) if self.grown else None
        return dict(zip(("label_zh", "label_en"), names, strict=True)) if names else {}

    def _labels(self, terms: list[str]) -> dict[str, str]:
        telling = self.namer.telling(terms)
        return {f"label_{lang}": self.namer.label(telling, lang) or unnamed for lang, unnamed in UNNAMED.items()}

    def _places(self, points: NDArray[np.float64]) -> pd.DataFrame:
        import pandas as pd

        ids = [article.article_id for article in self.corpus]
        return pd.DataFrame({"article_id": ids, "x": np.round(points[:, 0], 4), "y": np.round(points[:, 1], 4)})
