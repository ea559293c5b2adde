"""Specification of what a notebook shows: the counts, the first rows, and nothing that could be markup."""

from __future__ import annotations

from html import escape

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import rare_topics as rt
from rare_topics.corpus.corpus import Corpus
from rare_topics.runtime.html import html_summary

HOSTILE = "<script>alert('稀土')</script> & <b>"


def article(number: int, *, title: str = HOSTILE, body: str = HOSTILE) -> rt.Article:
    return rt.Article(article_id=f"a{number}", title=title, body=body, source=HOSTILE, body_lang="zh")


def test_a_corpus_shows_its_counts_and_its_first_articles(seeds):
    assert repr(seeds) == "<34 articles from 5 files; 2025-05-12 to 2025-12-27; bodies: 28 English, 6 Chinese>"
    html = seeds._repr_html_()
    assert "34 articles from 5 files" in html
    assert seeds[0].title in html
    assert seeds[20].title not in html
    assert "… 24 more" in html


def test_an_article_shows_its_headline_and_where_it_begins(seeds):
    first = seeds[0]
    html = first._repr_html_()
    assert first.title in html
    assert "Qi Huo Ri Bao Wang" in html
    assert "2025-05-12" in html
    assert len(html) < len(first.body)


def test_text_from_outside_is_never_markup():
    for shown in (Corpus((article(1), article(2))), article(1)):
        html = shown._repr_html_()
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_a_corpus_of_nothing_and_one_without_dates_can_be_shown():
    assert repr(Corpus(())) == "<0 articles from 0 files>"
    assert repr(Corpus((article(1),))) == "<1 article from 0 files; bodies: 1 Chinese>"
    assert "0 articles" in Corpus(())._repr_html_()


def test_a_study_shows_its_topics_and_clusters(study):
    html = study._repr_html_()
    assert repr(study) == (
        f"<study: 34 articles, {len(study.topics)} topics, {study.state.clusterer.n_clusters_} clusters>"
    )
    for label in [*study.topics["label_zh"].head(10), *study.warnings]:
        assert escape(label) in html


def test_a_study_that_is_not_fitted_says_so():
    assert repr(rt.Study()) == "<study: not fitted>"
    assert "not fitted" in rt.Study()._repr_html_()


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_no_text_opens_a_tag_of_its_own(title, facts):
    """Whatever the texts are, the tags are those of an empty html_summary with the same shape."""
    table = pd.DataFrame({"text": facts})
    plain = html_summary("", [], pd.DataFrame({"text": [""] * len(facts)}))
    assert html_summary(title, facts, table).count("<") == plain.count("<")
