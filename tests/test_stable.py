"""Specification of `StableTopicModel` and `match_topics`: what comes back is kept, what does not is dropped."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from threadpoolctl import threadpool_limits

from rare_topics.topics import StableTopicModel, leading_topics, match_topics, stable

N_TOPICS, WORDS_EACH, N_ARTICLES, PASSAGES_EACH = 5, 12, 60, 2
N_WORDS = N_TOPICS * WORDS_EACH
ODD_WORDS = 12


def planted_topics() -> np.ndarray:
    """Topic k owns words 12 k to 12 k + 11; a tenth of it is spread over all words."""
    return np.kron(np.eye(N_TOPICS), np.full(WORDS_EACH, 0.9 / WORDS_EACH)) + 0.1 / N_WORDS


def planted_counts() -> sparse.csr_array:
    """Passages of 50 words, two of each article, most of them on one topic."""
    rng = np.random.default_rng(0)
    mixtures = rng.dirichlet(np.full(N_TOPICS, 0.1), N_ARTICLES).repeat(PASSAGES_EACH, axis=0)
    return sparse.csr_array([rng.multinomial(50, p) for p in mixtures @ planted_topics()], dtype=np.float64)


def clear_counts(seed: int) -> sparse.csr_array:
    """The same, but every fifth article is mainly on the same topic."""
    rng = np.random.default_rng(seed)
    priors = np.tile(np.where(np.eye(N_TOPICS), 4, 0.1), (N_ARTICLES // N_TOPICS, 1))
    mixtures = np.array([rng.dirichlet(prior) for prior in priors]).repeat(PASSAGES_EACH, axis=0)
    return sparse.csr_array([rng.multinomial(50, p) for p in mixtures @ planted_topics()], dtype=np.float64)


def with_an_odd_article(counts: sparse.csr_array) -> sparse.csr_array:
    """Add one article of two long passages, whose words no other article has."""
    odd = np.random.default_rng(1).multinomial(150, np.full(ODD_WORDS, 1 / ODD_WORDS), size=2)
    return sparse.csr_array(sparse.block_diag([counts, odd]))


def nearest(found: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Total variation of each wanted topic from the closest one found."""
    return (np.abs(found[:, None] - wanted[None]).sum(axis=2) / 2).min(axis=0)


@pytest.fixture(scope="module")
def counts() -> sparse.csr_array:
    return planted_counts()


@pytest.fixture(scope="module")
def groups() -> np.ndarray:
    return np.arange(N_ARTICLES).repeat(PASSAGES_EACH)


@pytest.fixture(scope="module")
def model(counts: sparse.csr_array, groups: np.ndarray) -> StableTopicModel:
    return StableTopicModel(N_TOPICS, n_runs=10).fit(counts, groups=groups)


@pytest.fixture(scope="module")
def odd(counts: sparse.csr_array, groups: np.ndarray) -> StableTopicModel:
    """A model with room for one topic more than the corpus has, next to an article of its own words."""
    grown = np.append(groups, [N_ARTICLES, N_ARTICLES])
    return StableTopicModel(N_TOPICS + 1, n_runs=20).fit(with_an_odd_article(counts), groups=grown)


class TestPlantedTopics:
    """A corpus whose answer is visible gives that answer back."""

    def test_come_back_in_every_fit(self, model):
        assert (model.n_topics_, model.n_topics_per_run_, model.n_dropped_) == (N_TOPICS, N_TOPICS, 0)
        assert nearest(model.topic_term_, planted_topics()).max() < 0.15
        assert model.stability_.min() >= 0.9

    def test_lie_between_their_limits(self, model):
        assert (model.low_ <= model.high_).all()
        inside = (model.low_ <= model.topic_term_) & (model.topic_term_ <= model.high_)
        assert inside.mean() > 0.8

    def test_and_mixtures_are_probabilities(self, counts, model):
        assert model.doc_topic_.shape == (counts.shape[0], N_TOPICS)
        np.testing.assert_allclose(model.topic_term_.sum(axis=1), 1)
        np.testing.assert_allclose(model.doc_topic_.sum(axis=1), 1)

    def test_give_the_training_documents_their_mixtures(self, counts, model):
        np.testing.assert_array_equal(model.transform(counts), model.doc_topic_)

    def test_are_learned_without_groups_too(self, counts):
        found = StableTopicModel(N_TOPICS, n_runs=4).fit(counts)
        assert nearest(found.topic_term_, planted_topics()).max() < 0.15


class TestOneArticlesWords:
    """What one article alone says is not a topic of the corpus."""

    def test_do_not_come_back_as_often_as_topics(self, odd):
        share_of_odd_words = odd.topic_term_[:, N_WORDS:].sum(axis=1)
        own = share_of_odd_words > 0.5
        assert own.sum() <= 1
        assert odd.stability_[own].max(initial=0) < odd.stability_[~own].min()
        assert not own[:N_TOPICS].any()

    def test_leave_the_planted_topics_where_they_are(self, odd):
        planted = np.pad(planted_topics(), ((0, 0), (0, ODD_WORDS)))
        assert nearest(odd.topic_term_, planted).max() < 0.2


class TestManyDocuments:
    """Stability is judged on a sample of bounded size; topics are learned from all documents."""

    @pytest.fixture(scope="class")
    def sizes(self):
        return []

    @pytest.fixture(scope="class")
    def sampled(self, counts, sizes):
        """Fit to 480 passages, of which a fit may draw 60."""
        many = sparse.vstack([counts] * 4)
        learn = stable.learn_topics

        def record_size(documents, *arguments, **settings):
            sizes.append(documents.shape[0])
            return learn(documents, *arguments, **settings)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stable, "learn_topics", record_size)
            return StableTopicModel(N_TOPICS, n_runs=10, max_run_samples=60).fit(sparse.csr_array(many))

    def test_fits_draw_no_more_than_allowed_and_the_last_one_all(self, sampled, sizes):
        assert sizes == [60] * 10 + [480]

    def test_topics_are_the_planted_ones(self, sampled):
        assert nearest(sampled.topic_term_, planted_topics()).max() < 0.15
        assert sampled.doc_topic_.shape == (480, N_TOPICS)
        np.testing.assert_allclose(sampled.topic_term_.sum(axis=1), 1)

    def test_a_word_of_one_document_is_equally_unlikely_in_all_topics(self, counts):
        """Its word has the same smallest probability in all of them."""
        many = sparse.csr_array(sparse.vstack([counts] * 4))
        alone = sparse.csr_array(([5.0], ([7], [0])), shape=(many.shape[0], 1))
        model = StableTopicModel(N_TOPICS, n_runs=10, max_run_samples=60)
        model.fit(sparse.csr_array(sparse.hstack([many, alone])))
        np.testing.assert_allclose(model.topic_term_[:, -1], stable.MIN_PROBABILITY, rtol=0.01)

    def test_topics_stay_the_ones_that_came_back(self, sampled):
        """The last fit starts from the consensus, so each topic keeps its place and its stability."""
        middle = (sampled.low_ + sampled.high_) / 2
        distances = np.abs(sampled.topic_term_[:, None] - middle[None]).sum(axis=2)
        assert (distances.argmin(axis=1) == np.arange(N_TOPICS)).all()


class TestOrder:
    """The steadiest topic stands first, and a topic that half of the fits lack is not published."""

    def test_is_by_stability(self, odd):
        assert (np.diff(odd.stability_) <= 0).all()

    def test_ends_at_the_smallest_stability_kept(self, counts, groups):
        crowded = StableTopicModel(12, n_runs=10).fit(counts, groups=groups)
        assert (np.diff(crowded.stability_) <= 0).all()
        assert crowded.stability_[-1] >= crowded.min_stability
        assert crowded.n_topics_ + crowded.n_dropped_ == crowded.n_topics_per_run_ == 12
        assert crowded.topic_term_.shape == crowded.low_.shape == crowded.high_.shape == (crowded.n_topics_, N_WORDS)


class TestNumberOfTopics:
    """Nobody has to choose it."""

    @pytest.mark.parametrize("seed", range(3))
    def test_is_the_planted_one_on_a_clear_corpus(self, groups, seed):
        found = StableTopicModel(n_runs=4).fit(clear_counts(seed), groups=groups)
        assert found.n_topics_per_run_ == N_TOPICS
        assert [n for n, *_ in found.model_selection_] == list(range(3, 13))

    @pytest.mark.parametrize("method", ["lda", "nmf"])
    def test_is_the_planted_one_by_either_method(self, groups, method):
        found = StableTopicModel(method=method, n_runs=4).fit(clear_counts(0), groups=groups)
        assert found.n_topics_ == found.n_topics_per_run_ == N_TOPICS

    def test_comes_with_the_stability_and_coherence_of_each_topic(self, groups):
        """Both within their ranges; the topics of the planted number all come back."""
        found = StableTopicModel(n_runs=2, max_topics=6).fit(clear_counts(0), groups=groups)
        for n_topics, stability, coherence in found.model_selection_:
            assert stability.shape == coherence.shape == (n_topics,)
            assert ((stability >= 0) & (stability <= 1)).all()
            assert ((coherence >= -1) & (coherence <= 1)).all()
        assert {n: stability.min() for n, stability, _ in found.model_selection_}[N_TOPICS] == 1

    def test_steps_grow_where_many_are_considered(self):
        rng = np.random.default_rng(0)
        counts = sparse.csr_array(rng.poisson(0.4, size=(120, 40)).astype(float))
        found = StableTopicModel(method="nmf", n_runs=2, n_selection_runs=2, max_topics=24).fit(counts)
        assert [n for n, *_ in found.model_selection_] == [*range(3, 12), 12, 14, 16, 18, 20, 24]

    @pytest.mark.parametrize("method", ["lda", "nmf"])
    @pytest.mark.parametrize("n_runs", [2, 6])
    def test_has_the_topics_that_it_has_when_given(self, groups, method, n_runs):
        """Whether the fits are more or fewer than those that the number was chosen by; in any number of threads."""
        found = StableTopicModel(method=method, n_runs=n_runs, n_selection_runs=4).fit(clear_counts(0), groups=groups)
        threaded = clone(found).set_params(n_jobs=3).fit(clear_counts(0), groups=groups)
        given_number = clone(found).set_params(n_topics=found.n_topics_per_run_).fit(clear_counts(0), groups=groups)
        for other in (threaded, given_number):
            for name in ("topic_term_", "low_", "high_", "stability_", "doc_topic_"):
                np.testing.assert_array_equal(getattr(other, name), getattr(found, name))
        for one, same in zip(found.model_selection_, threaded.model_selection_, strict=True):
            np.testing.assert_array_equal(np.array(same[1:]), np.array(one[1:]))

    def test_is_not_searched_for_when_given(self, model):
        assert model.model_selection_ == []

    def test_stays_small_when_articles_are_few(self, counts):
        found = StableTopicModel(n_runs=2).fit(counts[:10], groups=np.arange(10))
        assert [n for n, *_ in found.model_selection_] == [3]


class TestDeterminism:
    """The seed decides everything."""

    def test_a_second_fit_gives_the_same_bits(self, counts, groups, model):
        again = clone(model).fit(counts, groups=groups)
        for name in ("topic_term_", "low_", "high_", "stability_", "doc_topic_"):
            np.testing.assert_array_equal(getattr(again, name), getattr(model, name))

    def test_any_number_of_threads_gives_the_same_bits(self, counts, groups, model):
        for n_jobs in (2, 3):
            other = clone(model).set_params(n_jobs=n_jobs).fit(counts, groups=groups)
            np.testing.assert_array_equal(other.topic_term_, model.topic_term_)
            np.testing.assert_array_equal(other.doc_topic_, model.doc_topic_)

    def test_another_seed_draws_other_articles(self, counts, groups, model):
        other = StableTopicModel(N_TOPICS, n_runs=10, random_state=1).fit(counts, groups=groups)
        assert not np.array_equal(other.topic_term_, model.topic_term_)
        assert nearest(other.topic_term_, model.topic_term_).max() < 0.2


class TestMatchTopics:
    """`match_topics` finds each topic of one fit in the others."""

    @settings(max_examples=30, deadline=None)
    @given(st.lists(st.permutations(range(N_TOPICS)), min_size=1, max_size=6))
    def test_undoes_any_permutation(self, orders):
        topics, share = planted_topics(), np.full(N_WORDS, 1 / N_WORDS)
        found = match_topics([topics[order] for order in orders], share)
        assert found.orders.shape == (len(orders), N_TOPICS)
        matched = [topics[order][found_order] for order, found_order in zip(orders, found.orders, strict=True)]
        np.testing.assert_array_equal(matched, np.broadcast_to(matched[0], (len(orders), N_TOPICS, N_WORDS)))
        np.testing.assert_allclose(found.mean(np.arange(N_TOPICS)), matched[0], rtol=1e-12)
        np.testing.assert_allclose(found.similarity, 1)
        assert (found.stability == 1).all()

    def test_sees_through_noise(self):
        rng = np.random.default_rng(0)
        orders = [rng.permutation(N_TOPICS) for _ in range(6)]
        noisy = [np.array([rng.dirichlet(200 * topic) for topic in planted_topics()[order]]) for order in orders]
        found = match_topics(noisy, np.full(N_WORDS, 1 / N_WORDS))
        matched = np.array([topics[order] for topics, order in zip(noisy, found.orders, strict=True)])
        owners = matched.reshape(6, N_TOPICS, N_TOPICS, WORDS_EACH).sum(axis=3).argmax(axis=2)
        assert (owners == owners[0]).all()

    @pytest.mark.filterwarnings("error")
    @given(st.integers(0, 1000))
    def test_a_topic_that_is_the_corpus_itself_is_like_no_other(self, seed):
        """What rounding leaves of it is no topic, and no root of a negative number."""
        share, topic = np.random.default_rng(seed).dirichlet(np.full(50, 0.3), 2)
        found = match_topics([np.array([share, topic])] * 3, share)
        assert sorted(found.stability) == [0, 1]

    def test_counts_the_fits_that_lack_a_topic(self):
        topics, share = planted_topics(), np.full(N_WORDS, 1 / N_WORDS)
        lacking = topics.copy()
        lacking[-1] = topics[0]
        found = match_topics([topics, topics, topics, lacking], share)
        assert sorted(found.stability) == [0.75, 1, 1, 1, 1]
        lenient = match_topics(found.runs, share, min_similarity=-1)
        assert (lenient.stability == 1).all()


class TestLimits:
    """What a fit sees and which topics are kept are parameters; every article gets a mixture."""

    def test_topics_of_a_sample_are_the_planted_ones(self, counts):
        many = sparse.csr_array(sparse.vstack([counts] * 4))
        model = StableTopicModel(N_TOPICS, n_runs=10, max_fit_samples=200).fit(many)
        assert nearest(model.topic_term_, planted_topics()).max() < 0.15
        assert model.doc_topic_.shape == (480, N_TOPICS)

    def test_another_sample_size_draws_other_articles(self, counts, groups, model):
        sampled = clone(model).set_params(max_fit_samples=40).fit(counts, groups=groups)
        assert not np.array_equal(sampled.topic_term_, model.topic_term_)
        same = clone(model).set_params(max_fit_samples=N_ARTICLES).fit(counts, groups=groups)
        np.testing.assert_array_equal(same.topic_term_, model.topic_term_)

    def test_every_topic_is_kept_where_none_has_to_come_back(self, counts, groups):
        model = StableTopicModel(N_TOPICS + 4, n_runs=6, min_stability=0, max_article_share=1.0)
        assert model.fit(counts, groups=groups).n_topics_ == N_TOPICS + 4

    def test_fewer_topics_are_kept_where_every_fit_has_to_have_them(self, counts, groups):
        model = StableTopicModel(N_TOPICS + 4, n_runs=6, min_stability=1, max_article_share=1.0)
        assert 0 < model.fit(counts, groups=groups).n_topics_ < N_TOPICS + 4
        assert (model.stability_ == 1).all()


class TestNoStableTopics:
    """Where no topic comes back, the corpus as a whole is shown, and nothing that is unstable."""

    @pytest.mark.parametrize("method", ["lda", "nmf"])
    def test_the_corpus_stands_for_a_topic(self, method):
        rng = np.random.default_rng(0)
        noise = sparse.csr_array(rng.multinomial(30, np.full(200, 1 / 200), size=40).astype(float))
        model = StableTopicModel(6, method=method, n_runs=12, min_similarity=0.9).fit(noise)
        assert model.is_whole_corpus_
        assert (model.n_topics_, model.n_dropped_, model.stability_.tolist()) == (1, 5, [1])
        np.testing.assert_allclose(model.doc_topic_, 1)

    def test_articles_without_a_common_word_have_no_topics(self):
        model = StableTopicModel(method="nmf", n_runs=4).fit(sparse.csr_array(np.kron(np.eye(9), np.ones((1, 4)))))
        assert model.is_whole_corpus_
        assert model.n_topics_ == 1

    def test_a_topic_that_comes_back_is_none_of_these(self, model):
        assert not model.is_whole_corpus_


class TestFactorization:
    """Topics as parts of TF-IDF."""

    @pytest.fixture(scope="class")
    def factors(self, counts, groups):
        return StableTopicModel(N_TOPICS, method="nmf", n_runs=6).fit(counts, groups=groups)

    def test_has_the_planted_words_first(self, factors):
        best = np.argsort(-factors.topic_term_, axis=1)[:, :8] // WORDS_EACH
        assert (best == best[:, :1]).all()
        assert sorted(best[:, 0]) == list(range(N_TOPICS))

    def test_gives_every_document_a_mixture_of_its_own(self, counts, factors):
        """Which does not depend on the others; an empty one is an equal mixture of all."""
        together = factors.transform(counts)
        np.testing.assert_allclose(together.sum(axis=1), 1)
        np.testing.assert_allclose(factors.transform(counts[:7]), together[:7])
        np.testing.assert_allclose(factors.transform(sparse.csr_array((1, N_WORDS))), 1 / N_TOPICS)

    def test_mixes_as_planted(self, counts, factors):
        planted = np.kron(np.eye(N_TOPICS), np.ones((3, WORDS_EACH)))
        leads = factors.transform(sparse.csr_array(planted)).argmax(axis=1).reshape(N_TOPICS, 3)
        assert sorted(leads[:, 0]) == list(range(N_TOPICS))
        assert (leads == leads[:, :1]).all()

    def test_no_topic_leads_a_single_article(self, counts, groups):
        """Of the articles of the corpus, not of their passages."""
        crowded = StableTopicModel(15, method="nmf", n_runs=6, min_stability=0).fit(counts, groups=groups)
        articles = sparse.csr_array(counts.toarray().reshape(N_ARTICLES, PASSAGES_EACH, -1).sum(axis=1))
        led = np.bincount(crowded.transform(articles).argmax(axis=1), minlength=crowded.n_topics_)
        assert led.min() >= 2

    @pytest.mark.filterwarnings("error::RuntimeWarning")
    def test_parts_that_explain_everything_are_learned_without_a_warning(self):
        """What is left is rounding, and may be below zero."""
        counts = sparse.csr_array(np.kron(np.eye(3), np.ones((6, 7))))
        assert StableTopicModel(3, method="nmf", n_runs=4).fit(counts).n_topics_ == 3

    def test_is_the_same_whatever_the_threads_of_linear_algebra(self):
        """Of matrices so large that several threads would be used, which add up in another order."""
        counts = sparse.csr_array(np.random.default_rng(0).poisson(0.05, size=(150, 6000)).astype(float))
        model = StableTopicModel(12, method="nmf", n_runs=2, min_stability=0, max_article_share=1.0)
        with threadpool_limits(1, user_api="blas"):
            alone = clone(model).fit(counts)
        with threadpool_limits(2, user_api="blas"):
            threaded = clone(model).fit(counts)
        for name in ("topic_term_", "low_", "high_", "stability_"):
            np.testing.assert_array_equal(getattr(threaded, name), getattr(alone, name))

    def test_any_number_of_threads_gives_the_same_bits(self, counts, groups, factors):
        other = clone(factors).set_params(n_jobs=3).fit(counts, groups=groups)
        np.testing.assert_array_equal(other.topic_term_, factors.topic_term_)
        np.testing.assert_array_equal(other.doc_topic_, factors.doc_topic_)


class TestLeadingTopics:
    """`leading_topics` lists what is notable in a mixture."""

    def test_lists_weights_from_a_twentieth_on_the_largest_first(self):
        assert leading_topics(np.array([0.05, 0.04, 0.61, 0.3])) == [(2, 0.61), (3, 0.3), (0, 0.05)]

    def test_lists_equal_weights_in_the_order_of_the_topics(self):
        assert leading_topics(np.array([0.5, 0.5]), min_weight=0.5) == [(0, 0.5), (1, 0.5)]


class TestErrors:
    """An error says what was expected."""

    @pytest.mark.parametrize(
        "setting",
        [{"n_topics": 0}, {"n_topics": 2.5}, {"n_runs": 0}, {"method": "lsa"}, {"random_state": -1}, {"max_topics": 2}],
    )
    def test_a_setting_out_of_its_range_is_named(self, counts, setting):
        with pytest.raises(ValueError, match=next(iter(setting))):
            StableTopicModel(**setting).fit(counts)

    def test_negative_counts(self, counts):
        with pytest.raises(ValueError, match="expected counts of 0 or more, got -"):
            StableTopicModel(2, n_runs=2).fit(-counts)

    @pytest.mark.parametrize("n_topics", [None, 2])
    def test_nothing_but_empty_documents(self, n_topics):
        with pytest.raises(ValueError, match="expected at least one word, got 4 empty documents"):
            StableTopicModel(n_topics).fit(sparse.csr_array((4, 3)))

    def test_groups_of_another_length(self, counts):
        with pytest.raises(
            ValueError, match=r"groups: expected one article per document, 120 in all, got shape \(3,\)"
        ):
            StableTopicModel(2).fit(counts, groups=np.arange(3))

    def test_use_before_fit(self, counts):
        with pytest.raises(NotFittedError):
            StableTopicModel().transform(counts)

    def test_another_number_of_words(self, counts, model):
        with pytest.raises(ValueError, match="features"):
            model.transform(counts[:, :-1])
