"""Specification of `TopicModel`: planted topics come back, whatever the threads and blocks."""

from __future__ import annotations

import os
import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from rare_topics.topics import TopicModel, training

N_TOPICS, N_WORDS, N_DOCUMENTS = 5, 100, 300
WORDS = [f"word{column:03d}" for column in range(N_WORDS)]


def planted_topics() -> np.ndarray:
    """Topic k owns words 20 k to 20 k + 19; a tenth of it is spread over all words."""
    topics = np.full((N_TOPICS, N_WORDS), 0.1 / N_WORDS)
    for topic in range(N_TOPICS):
        topics[topic, 20 * topic : 20 * (topic + 1)] += 0.9 / 20
    return topics


def planted_counts(*, n_documents: int = N_DOCUMENTS, seed: int = 0) -> sparse.csr_matrix:
    """Documents of 60 words, drawn as latent Dirichlet allocation says."""
    rng = np.random.default_rng(seed)
    mixtures = rng.dirichlet(np.full(N_TOPICS, 0.2), n_documents)
    return sparse.csr_matrix([rng.multinomial(60, p) for p in mixtures @ planted_topics()])


def matched(found: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, float]:
    """Best one-to-one order of `found` and the largest total variation left in it."""
    distances = np.abs(found[:, None] - wanted[None]).sum(axis=2) / 2
    rows, columns = linear_sum_assignment(distances)
    order = rows[np.argsort(columns)]
    return order, distances[order, np.arange(len(wanted))].max()


@pytest.fixture(scope="module")
def counts() -> sparse.csr_matrix:
    return planted_counts()


@pytest.fixture(scope="module")
def model(counts: sparse.csr_matrix) -> TopicModel:
    return TopicModel(N_TOPICS, random_state=0).fit(counts)


@parametrize_with_checks([TopicModel(n_topics=2, random_state=0)])
def test_it_is_a_scikit_learn_estimator(estimator, check):
    """Everything scikit-learn demands of a transformer of non-negative counts."""
    check(estimator)


class TestPlantedTopics:
    """A corpus whose answer is visible gives that answer back."""

    @pytest.mark.parametrize("random_state", range(5))
    def test_come_back_from_any_random_state(self, counts, random_state):
        found = TopicModel(N_TOPICS, random_state=random_state).fit(counts).topic_term_
        assert matched(found, planted_topics())[1] < 0.1

    def test_are_the_ones_gensim_finds(self, counts, model):
        from gensim.matutils import Sparse2Corpus
        from gensim.models import LdaModel

        reference = LdaModel(
            Sparse2Corpus(counts, documents_columns=False),
            num_topics=N_TOPICS,
            id2word=dict(enumerate(WORDS)),
            passes=20,
            random_state=0,
        )
        assert matched(reference.get_topics(), planted_topics())[1] < 0.1
        assert matched(model.topic_term_, reference.get_topics())[1] < 0.1

    def test_come_back_when_documents_arrive_in_blocks(self, counts):
        model = TopicModel(N_TOPICS, random_state=0)
        for start in range(0, N_DOCUMENTS, 100):
            model.partial_fit(counts[start : start + 100])
        assert matched(model.topic_term_, planted_topics())[1] < 0.1
        assert model.doc_topic_.shape == (100, N_TOPICS)
        assert model.components_.sum() == pytest.approx(counts.sum() + N_TOPICS * N_WORDS * model.eta_, rel=1e-4)

    def test_come_back_from_weights_that_are_not_whole_numbers(self, counts):
        """Shared glosses give a word weights such as 0.33; own counts stay within them."""
        weighted = counts.astype(float) * 0.33
        found = TopicModel(N_TOPICS, random_state=0).fit(weighted)
        assert matched(found.topic_term_, planted_topics())[1] < 0.1
        assert np.isfinite(found.components_).all()
        assert (found.components_ > 0).all()

    def test_come_back_when_alpha_is_learned(self, counts):
        found = TopicModel(N_TOPICS, learn_alpha=True, tol=0, max_iter=60, random_state=0)
        found.fit(counts)
        assert matched(found.topic_term_, planted_topics())[1] < 0.1
        np.testing.assert_allclose(found.alpha_, 0.2, atol=0.12)

    def test_explain_unseen_documents_better_than_uniform_topics(self, model):
        unseen = planted_counts(n_documents=100, seed=1)
        uniform = clone(model).fit(np.ones((1, N_WORDS)))
        assert uniform.perplexity(unseen) == pytest.approx(N_WORDS, rel=0.1)
        assert model.perplexity(unseen) < 0.6 * uniform.perplexity(unseen)
        assert model.score(unseen) == pytest.approx(-np.log(model.perplexity(unseen)))

    def test_move_with_the_columns_of_the_vocabulary(self, counts, model):
        order = np.random.default_rng(0).permutation(N_WORDS)
        permuted = TopicModel(N_TOPICS, random_state=0).fit(counts[:, order])
        assert matched(permuted.topic_term_, model.topic_term_[:, order])[1] < 0.02

    def test_do_not_depend_on_the_order_of_documents(self, counts):
        order = np.random.default_rng(0).permutation(N_DOCUMENTS)
        settled = TopicModel(N_TOPICS, tol=5e-4, random_state=0).fit(counts)
        permuted = clone(settled).fit(counts[order])
        assert matched(permuted.topic_term_, settled.topic_term_)[1] < 0.02


class TestDeterminism:
    """The random state decides everything; threads, repetition and company nothing."""

    def test_one_two_and_three_threads_give_the_same_bits(self):
        large = planted_counts(n_documents=10_000, seed=2)
        assert training.plan_visits(large).part_groups.shape[1] > 1, "too few pairs for several threads"
        fits = [
            TopicModel(N_TOPICS, max_iter=3, tol=0, n_jobs=n_jobs, random_state=0).fit(large) for n_jobs in (1, 2, 3)
        ]
        for other in fits[1:]:
            np.testing.assert_array_equal(other.components_, fits[0].components_)
            np.testing.assert_array_equal(other.doc_topic_, fits[0].doc_topic_)

    def test_it_does_not_matter_where_in_memory_the_arrays_lie(self, counts, model):
        """Loops that look at addresses sum in another order where arrays happen to be neighbours."""
        rng = np.random.default_rng(0)
        for _ in range(8):
            allocations = [np.empty(int(size), np.float32) for size in rng.integers(1, 200, 300)]
            del allocations[:: int(rng.integers(2, 5))]
            again = clone(model).fit(counts)
            np.testing.assert_array_equal(again.components_, model.components_)
            np.testing.assert_array_equal(again.doc_topic_, model.doc_topic_)

    def test_a_second_fit_starts_anew(self, counts, model):
        twice = TopicModel(N_TOPICS, random_state=0)
        twice.fit(planted_counts(n_documents=50, seed=3)).fit(counts)
        np.testing.assert_array_equal(twice.components_, model.components_)
        np.testing.assert_array_equal(twice.doc_topic_, model.doc_topic_)
        assert twice.n_iter_ == model.n_iter_

    def test_another_random_state_starts_elsewhere(self, counts, model):
        other = TopicModel(N_TOPICS, random_state=1).fit(counts)
        assert not np.array_equal(other.components_, model.components_)

    def test_the_input_is_left_as_it_was(self, counts):
        given_counts = sparse.csr_matrix(
            (counts.data.astype(np.float32), counts.indices[::1], counts.indptr), counts.shape
        )
        before = given_counts.copy()
        TopicModel(2, max_iter=2, random_state=0).fit(given_counts).transform(given_counts)
        assert (before != given_counts).nnz == 0

    def test_a_document_gets_the_same_mixture_in_any_company(self, counts, model):
        together = model.transform(counts)
        alone = np.vstack([model.transform(counts[row]) for row in range(20)])
        np.testing.assert_array_equal(together[:20], alone)

    def test_repeated_and_unsorted_entries_count_as_their_sum(self, model):
        repeated = sparse.csr_matrix(([1.0, 2.0, 1.0], [7, 3, 7], [0, 3]), (1, N_WORDS))
        summed = np.zeros((1, N_WORDS))
        summed[0, [3, 7]] = 2
        np.testing.assert_array_equal(model.transform(repeated), model.transform(summed))
        assert repeated.nnz == 3


class TestMixtures:
    """`doc_topic_` and `transform`."""

    def test_rows_are_probabilities(self, model):
        for rows in (model.doc_topic_, model.topic_term_):
            np.testing.assert_allclose(rows.sum(axis=1), 1)
            assert (rows > 0).all()

    def test_of_the_training_documents_are_what_transform_gives(self, counts, model):
        np.testing.assert_array_equal(model.transform(counts), model.doc_topic_)
        np.testing.assert_array_equal(clone(model).fit_transform(counts), model.doc_topic_)

    def test_of_the_training_documents_do_not_change_with_the_callers_counts(self, counts, model):
        own = counts.astype(np.float32)
        fitted = clone(model).fit(own)
        own.data[:] = 1
        np.testing.assert_array_equal(fitted.doc_topic_, model.doc_topic_)

    def test_of_unseen_documents_are_the_planted_ones(self, model):
        order, _ = matched(model.topic_term_, planted_topics())
        pure = np.round(planted_topics() * 200)
        mixtures = model.transform(pure)[:, order]
        assert (np.diag(mixtures) > 0.85).all()

    def test_of_an_empty_document_is_uniform(self, counts):
        with_empty = sparse.vstack([counts, sparse.csr_matrix((1, N_WORDS))])
        model = TopicModel(N_TOPICS, max_iter=5, random_state=0).fit(with_empty)
        np.testing.assert_allclose(model.doc_topic_[-1], 1 / N_TOPICS, rtol=1e-6)

    @settings(max_examples=30, deadline=None)
    @given(
        hnp.arrays(
            np.float64,
            st.tuples(st.integers(1, 6), st.just(N_WORDS)),
            elements=st.sampled_from([0.0, 0.0, 0.0, 0.1, 0.33, 1.0, 2.5, 40.0]),
        )
    )
    def test_are_probabilities_for_any_counts(self, model, any_counts):
        mixtures = model.transform(any_counts)
        np.testing.assert_allclose(mixtures.sum(axis=1), 1)
        assert (mixtures > 0).all()

    @pytest.mark.parametrize("n_topics", [1, 2, 7, 8, 9, 40])
    def test_have_a_column_per_topic_however_lanes_are_padded(self, n_topics):
        model = TopicModel(n_topics, max_iter=3, random_state=0)
        mixtures = model.fit_transform(planted_counts(n_documents=30))
        assert mixtures.shape == (30, n_topics)
        assert list(model.get_feature_names_out())[-1] == f"topicmodel{n_topics - 1}"

    def test_come_out_of_a_pipeline_of_texts(self):
        texts = ["红 土 稀 土", "稀 土 出 口", "goal match team", "team match win"]
        vectorizer = CountVectorizer(token_pattern=r"\S+")  # noqa: S106 -- a pattern of tokens
        mixtures = make_pipeline(vectorizer, TopicModel(2, random_state=0)).fit_transform(texts)
        assert mixtures.shape == (4, 2)


class TestStopping:
    """Nobody chooses the number of passes."""

    def test_learning_ends_before_the_limit(self, model):
        assert model.n_iter_ < model.max_iter

    def test_a_looser_tolerance_ends_sooner(self, counts, model):
        loose = TopicModel(N_TOPICS, tol=0.05, random_state=0).fit(counts)
        assert loose.n_iter_ < model.n_iter_

    def test_the_limit_is_kept(self, counts):
        assert TopicModel(N_TOPICS, max_iter=2, tol=0).fit(counts).n_iter_ == 2


class TestStreaming:
    """Counts beyond memory arrive block by block."""

    def test_blocks_cut_from_arrays_on_disk_teach_the_planted_topics(self, tmp_path):
        large = planted_counts(n_documents=3_000, seed=4)
        for name in ("data", "indices", "indptr"):
            np.save(tmp_path / name, getattr(large, name))
        parts = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in ("data", "indices", "indptr")]
        on_disk = sparse.csr_matrix(tuple(parts), large.shape, copy=False)
        model = TopicModel(N_TOPICS, random_state=0)
        for start in range(0, 3_000, 500):
            model.partial_fit(on_disk[start : start + 500])
        assert matched(model.topic_term_, planted_topics())[1] < 0.05

    def test_memory_stays_within_what_the_docstring_states(self):
        many = sparse.random(6_000, 2_000, 0.02, format="csr", random_state=0, dtype=np.float32)
        model = TopicModel(16, max_iter=2, random_state=0).fit(many[:10])
        tracemalloc.start()
        model.fit(many)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 2_000 * 16 * (11 * 4 + 24) + 6 * 6_000 * 16 + 24 * many.nnz
        assert sum(table.nbytes for table in (model.components_, model.topic_term_)) == 16 * 2_000 * 16


@pytest.mark.slow
class TestCompiling:
    """Loops are compiled once, and the log says when."""

    def test_is_announced_and_kept_on_disk(self, tmp_path):
        code = (
            "import logging, numpy as np; logging.basicConfig(level=logging.INFO, format='%(message)s')\n"
            "from rare_topics.topics import TopicModel; TopicModel(2, max_iter=1).fit(np.eye(3))"
        )
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
        first, second = (
            subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
            for _ in range(2)
        )
        assert first.stderr.count("compiling the loops of LDA for this machine, once") == 1
        assert "compiling" not in second.stderr


class TestGensim:
    """`to_gensim` gives a model that gensim's own tools take."""

    def test_has_the_same_topics(self, model):
        np.testing.assert_allclose(model.to_gensim(WORDS).get_topics(), model.topic_term_, atol=1e-6)

    def test_shows_topics_and_mixtures(self, model):
        gensim_model = model.to_gensim(WORDS)
        word, weight = gensim_model.show_topic(0, topn=1)[0]
        column = model.topic_term_[0].argmax()
        assert (word, weight) == (WORDS[column], pytest.approx(model.topic_term_[0, column]))
        mixture = gensim_model.get_document_topics([(column, 50)], minimum_probability=0)
        assert max(mixture, key=lambda pair: pair[1])[0] == 0

    def test_has_a_coherence(self, counts, model):
        from gensim.models import CoherenceModel

        texts = [[WORDS[column] for column in row.indices] for row in counts]
        gensim_model = model.to_gensim(WORDS)
        coherence = CoherenceModel(gensim_model, texts=texts, coherence="c_npmi", processes=1)
        assert coherence.get_coherence() > 0

    @pytest.mark.parametrize("words", [WORDS[:-1], [*WORDS[:-1], WORDS[0]]])
    def test_wants_each_word_once(self, model, words):
        with pytest.raises(ValueError, match="expected 100 different words"):
            model.to_gensim(words)


class TestGivenTopics:
    """`with_topics` makes a model of topics that came from elsewhere."""

    def test_are_used_as_they_are(self, counts, model):
        fixed = TopicModel().with_topics(model.topic_term_)
        np.testing.assert_array_equal(fixed.topic_term_, model.topic_term_)
        np.testing.assert_array_equal(fixed.transform(counts), model.doc_topic_)
        assert fixed.perplexity(counts) == model.perplexity(counts)
        assert (fixed.n_topics, fixed.n_features_in_, fixed.n_iter_) == (N_TOPICS, N_WORDS, 0)

    def test_leave_the_first_model_and_the_given_array_alone(self, counts, model):
        first, topics = clone(model).fit(counts), planted_topics()
        fixed = first.with_topics(topics[:2])
        topics[:] = 0
        np.testing.assert_array_equal(fixed.topic_term_, planted_topics()[:2])
        np.testing.assert_array_equal(first.topic_term_, model.topic_term_)
        assert first.n_topics == N_TOPICS
        assert not hasattr(fixed, "doc_topic_")

    def test_keep_the_settings(self):
        fixed = TopicModel(7, alpha=[0.3, 0.6], eta=0.2, n_jobs=2).with_topics([[1, 0], [0.5, 0.5]])
        assert (fixed.eta_, fixed.n_jobs) == (0.2, 2)
        np.testing.assert_array_equal(fixed.alpha_, [0.3, 0.6])

    def test_may_give_a_word_nothing(self):
        fixed = TopicModel().with_topics(np.eye(3)[:2])
        assert (fixed.transform([[9, 0, 0], [0, 9, 0]]).argmax(axis=1) == [0, 1]).all()
        np.testing.assert_allclose(fixed.transform([[0, 0, 9]]), 0.5)
        assert fixed.perplexity([[0, 0, 3]]) == np.inf

    def test_hardly_move_when_documents_follow(self, counts):
        fixed = TopicModel(random_state=0).with_topics(planted_topics()).partial_fit(counts)
        assert np.abs(fixed.topic_term_ - planted_topics()).max() < 1e-3
        assert fixed.doc_topic_.shape == (N_DOCUMENTS, N_TOPICS)

    def test_are_the_same_in_gensim(self):
        gensim_model = TopicModel().with_topics(np.repeat(np.eye(2), 50, axis=1) / 50).to_gensim(WORDS)
        mixture = dict(gensim_model.get_document_topics([(70, 9)], minimum_probability=0))
        np.testing.assert_allclose(gensim_model.get_topics(), np.repeat(np.eye(2), 50, axis=1) / 50, atol=1e-6)
        assert mixture[1] > 0.9

    @pytest.mark.parametrize(
        ("topics", "message"),
        [
            ([0.5, 0.5], r"expected shape \(n_topics, n_features\), got \(2,\)"),
            (np.zeros((0, 3)), r"expected shape .*, got \(0, 3\)"),
            ([[1.5, -0.5]], "expected probabilities of 0 or more, got -0.5"),
            ([[np.nan, 1.0]], "expected probabilities of 0 or more, got nan"),
            ([[0.5, 0.5], [0.5, 0.6]], "expected rows that sum to 1, got 1.1 in row 1"),
        ],
    )
    def test_have_to_be_probabilities(self, topics, message):
        with pytest.raises(ValueError, match=message):
            TopicModel().with_topics(topics)

    @pytest.mark.parametrize("setting", [{"alpha": [0.1, 0.1, 0.1]}, {"eta": -1}])
    def test_want_settings_within_their_ranges(self, setting):
        with pytest.raises(ValueError, match=next(iter(setting))):
            TopicModel(**setting).with_topics([[1.0, 0.0], [0.0, 1.0]])


class TestErrors:
    """An error is one line: what was expected, what came, what to change."""

    @pytest.mark.parametrize(
        "setting",
        [
            {"n_topics": 0},
            {"n_topics": 2.5},
            {"alpha": 0},
            {"alpha": [0.1, -0.1]},
            {"alpha": [0.1, 0.1, 0.1]},
            {"eta": -1},
            {"max_iter": 0},
            {"tol": -1e-3},
            {"learn_alpha": "yes"},
            {"random_state": "today"},
        ],
    )
    def test_a_setting_out_of_its_range_is_named(self, counts, setting):
        (name,) = setting
        with pytest.raises(ValueError, match=name) as error:
            TopicModel(**{"n_topics": 2, **setting}).fit(counts)
        assert "\n" not in str(error.value)

    def test_negative_counts(self):
        with pytest.raises(ValueError, match="expected counts of 0 or more, got -2"):
            TopicModel(2).fit([[1, -2], [0, 1]])

    @pytest.mark.parametrize("call", ["fit", "partial_fit"])
    def test_nothing_but_empty_documents(self, call):
        with pytest.raises(ValueError, match="expected at least one word"):
            getattr(TopicModel(2), call)(np.zeros((3, 4)))

    def test_perplexity_of_nothing(self, model):
        with pytest.raises(ValueError, match="expected at least one word"):
            model.perplexity(np.zeros((3, N_WORDS)))

    @pytest.mark.parametrize("call", ["transform", "perplexity", "score", "to_gensim"])
    def test_use_before_fit(self, call):
        with pytest.raises(NotFittedError):
            getattr(TopicModel(), call)([[1, 2]])

    @pytest.mark.parametrize("call", ["transform", "perplexity", "partial_fit"])
    def test_another_number_of_words(self, model, call):
        with pytest.raises(ValueError, match="features"):
            getattr(model, call)(np.ones((2, N_WORDS + 1)))

    def test_another_number_of_topics_in_a_later_block(self, counts):
        model = TopicModel(3, max_iter=2).fit(counts)
        with pytest.raises(ValueError, match="expected n_topics=3"):
            model.set_params(n_topics=4).partial_fit(counts)


def test_importing_topics_loads_neither_gensim_nor_the_compiler():
    """The heavy parts are imported where they are used."""
    code = "import sys, rare_topics.topics; print({'gensim', 'numba'} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
