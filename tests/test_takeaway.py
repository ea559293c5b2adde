"""Specification of what a study is taken away as: a frame, a workbook, networks, models of other libraries."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rare_topics as rt
from rare_topics.cli import main
from rare_topics.errors import InputError

SHEETS = [
    "about", "articles", "topics", "topic_terms", "clusters", "quotes", "evidence", "suppliers", "events", "claims",
    "disagreements", "topics_over_time", "terms", "collocations", "repeats",
]  # fmt: skip


def error_of(call, *words: object) -> str:
    """Give the one line with which something is refused."""
    with pytest.raises(InputError) as error:
        call(*words)
    assert "\n" not in str(error.value)
    return str(error.value)


class TestFrame:
    """Everything of an article in one row."""

    def test_each_row_says_what_the_tables_say(self, study: rt.Study) -> None:
        frame = study.to_frame()
        assert frame["article_id"].tolist() == [article.article_id for article in study.corpus]
        assert frame["cluster"].tolist() == study.clusters["cluster"].tolist()
        weights = frame.filter(regex=r"^topic_\d+$")
        assert np.allclose(weights.sum(axis=1), 1, atol=0.01)
        assert (weights.to_numpy().argmax(axis=1) == frame["topic"]).all()
        assert frame["n_claims"].sum() == len(study.claims.table)
        strong = study.themes["us_dependence"].strength["strength"]
        assert frame["theme_us_dependence"].tolist() == strong.tolist()
        assert frame["text"].tolist() == [article.body for article in study.corpus]


class TestWorkbook:
    """One file of Excel."""

    @pytest.fixture(scope="class")
    def book(self, study: rt.Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
        pytest.importorskip("xlsxwriter")
        pytest.importorskip("openpyxl")
        return study.rename_topic(0, en="=HYPERLINK('x')").to_excel(tmp_path_factory.mktemp("book") / "study.xlsx")

    def test_every_table_is_a_sheet_with_its_rows(self, book: Path, study: rt.Study) -> None:
        sheets = pd.read_excel(book, sheet_name=None, keep_default_na=False)
        assert list(sheets) == SHEETS
        assert sheets["articles"]["article_id"].tolist() == study.to_frame()["article_id"].tolist()
        assert sheets["claims"]["quote"].tolist() == study.claims.table["quote"].tolist()
        assert set(sheets["quotes"]["kind"]) == {"topic", "cluster"}
        assert "topic 0 is called =HYPERLINK('x')" in sheets["about"]["value"].tolist()

    def test_a_text_is_a_text_whatever_it_begins_with(self, book: Path) -> None:
        import openpyxl

        cell = openpyxl.load_workbook(book)["topics"]["C2"]
        assert (cell.value, cell.data_type) == ("=HYPERLINK('x')", "s")

    def test_equal_studies_give_equal_bytes(self, study: rt.Study, book: Path) -> None:
        again = study.rename_topic(0, en="=HYPERLINK('x')").to_excel(book.parent / "again.xlsx")
        assert again.read_bytes() == book.read_bytes()
        study.rename_topic(0, en="=HYPERLINK('x')").to_excel(again)

    def test_the_workbook_of_another_is_not_replaced(self, study: rt.Study, tmp_path: Path) -> None:
        pytest.importorskip("xlsxwriter")
        pytest.importorskip("openpyxl")
        pd.DataFrame({"a": [1]}).to_excel(tmp_path / "mine.xlsx")
        assert "is a workbook that was not written here" in error_of(study.to_excel, tmp_path / "mine.xlsx")
        assert "let it end with .xlsx" in error_of(study.to_excel, tmp_path / "study.xls")

    @pytest.mark.slow
    def test_a_run_has_one_where_it_is_asked_for(self, tmp_path: Path) -> None:
        pytest.importorskip("xlsxwriter")
        rows = [f"Farmers number {n} sell soybeans and pay tariffs." for n in range(6)]
        pd.DataFrame({"text": rows}).to_csv(tmp_path / "t.csv", index=False)
        command = ["run", str(tmp_path / "t.csv"), "--out", str(tmp_path / "out"), "--no-figures", "--excel"]
        assert main(command) == 0
        assert (tmp_path / "out" / "study.xlsx").is_file()
        assert '"study.xlsx"' in (tmp_path / "out" / "manifest.json").read_text("utf-8")


class TestNetworks:
    """Articles and concepts as graphs."""

    @pytest.mark.parametrize("kind", ["articles", "concepts"])
    def test_a_written_network_is_the_one_in_memory(self, study: rt.Study, tmp_path: Path, kind: str) -> None:
        networkx = pytest.importorskip("networkx")
        graph = study.to_networkx(kind)
        read = networkx.read_gexf(study.to_gexf(tmp_path / "n.gexf", kind))
        assert set(read.nodes) == set(graph.nodes)
        assert {frozenset(edge) for edge in read.edges} == {frozenset(edge) for edge in graph.edges}
        assert all(data["label"] == graph.nodes[node]["label"] for node, data in read.nodes(data=True))
        first = (tmp_path / "n.gexf").read_bytes()
        assert study.to_gexf(tmp_path / "n.gexf", kind).read_bytes() == first

    def test_articles_are_joined_to_what_is_most_like_them(self, study: rt.Study) -> None:
        pytest.importorskip("networkx")
        graph = study.to_networkx()
        assert set(graph.nodes) == {article.article_id for article in study.corpus}
        best = study.similar.sort_values("similarity", ascending=False).iloc[0]
        assert graph.has_edge(best["article_id"], best["other_id"])

    def test_what_is_no_network_is_refused(self, study: rt.Study, tmp_path: Path) -> None:
        pytest.importorskip("networkx")
        assert "no kind 'words'; take one of articles, concepts" in error_of(study.to_networkx, "words")
        assert "let it end with .gexf" in error_of(study.to_gexf, tmp_path / "n.xml")


class TestModels:
    """What other libraries read."""

    def test_gensim_has_the_same_topics(self, study: rt.Study) -> None:
        model = study.to_gensim()
        assert np.allclose(model.get_topics(), study.state.topic_model.topic_term_, atol=1e-5)
        assert model.id2word[0] == study.state.concepts[0]

    def test_pyldavis_is_given_what_it_takes(self, study: rt.Study) -> None:
        given = study.to_pyldavis()
        n_topics, n_words = given["topic_term_dists"].shape
        assert len(set(given["vocab"])) == n_words == len(given["term_frequency"])
        assert given["doc_topic_dists"].shape == (len(given["doc_lengths"]), n_topics)
        assert (given["doc_lengths"] > 0).all()
        assert "no language 'de'" in error_of(study.to_pyldavis, "de")

    @pytest.mark.skipif(importlib.util.find_spec("pyLDAvis") is None, reason="pyLDAvis is not installed")
    def test_pyldavis_takes_it(self, study: rt.Study) -> None:
        import pyLDAvis

        prepared = pyLDAvis.prepare(**study.to_pyldavis(), n_jobs=1)
        assert len(prepared.topic_coordinates) == len(study.topics)


class TestLanguages:
    """Figures in one language or in both."""

    @pytest.mark.parametrize(("lang", "other"), [("en", "zh"), ("zh", "en")])
    def test_the_names_are_in_the_language_asked_for(self, study: rt.Study, lang: str, other: str) -> None:
        from matplotlib import pyplot as plt

        is_own = {"zh": r"[\u4e00-\u9fff]{2,}", "en": r"[A-Za-z ]{4,}"}
        terms = study.topic_terms
        names = {code: {name for name in terms[f"term_{code}"] if re.fullmatch(is_own[code], name)} for code in is_own}
        ax = rt.plot_topic_terms(study, lang=lang)
        drawn = {text.get_text() for text in ax.figure.findobj(plt.Text)}
        plt.close(ax.figure)
        assert drawn & names[lang]
        assert not {name for name in names[other] if any(name in text.split(" ∙ ") for text in drawn)}

    def test_an_unknown_language_is_refused(self, study: rt.Study) -> None:
        with pytest.raises(InputError, match="no language 'de'; take en, zh or both"):
            rt.plot_map(study, lang="de")
