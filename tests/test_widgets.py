"""Specification of what lives in a notebook, without a browser: what a widget holds, and what stands in for it."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from dataclasses import replace

import matplotlib as mpl

mpl.use("Agg")

import pandas as pd
import pytest
from matplotlib import pyplot as plt

import rare_topics as rt
from rare_topics.widgets.static import StaticMap, StaticTable, checked_ids

PNG = b"\x89PNG\r\n\x1a\n"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
HOSTILE = "<img src=x onerror=alert(1)>"
# A character that a browser counts as two.
ODD = "\U00020000"


@pytest.fixture(scope="module")
def widget(study: rt.Study) -> object:
    pytest.importorskip("anywidget")
    return rt.map_widget(study)


@pytest.fixture
def no_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no library of widgets be found, as where the extra is not installed."""
    for name in ("anywidget", "itables"):
        monkeypatch.setitem(sys.modules, name, None)


def marked(shown: dict) -> set[str]:
    """Cut the marked pieces out of an article as a browser does, by units of UTF-16."""
    texts = {field: shown[field].encode("utf-16-le") for field in ("title", "body")}
    return {texts[mark["field"]][2 * mark["start"] : 2 * mark["end"]].decode("utf-16-le") for mark in shown["marks"]}


class TestMap:
    """Points with the texts of a hover, articles with their marks, and a selection."""

    def test_every_article_is_a_point_with_title_date_and_place(self, study, widget):
        places = study.map.set_index("article_id")
        assert [point["id"] for point in widget.points] == [article.article_id for article in study.corpus]
        for point, article in zip(widget.points, study.corpus, strict=True):
            assert point["title"] == article.title
            assert point["date"] == f"{article.published:%Y-%m-%d}"
            assert (point["x"], point["y"]) == tuple(places.loc[point["id"], ["x", "y"]])

    def test_no_text_of_an_article_is_sent_before_it_is_opened(self, study, widget):
        sent = json.dumps(rt.map_widget(study).get_state(["points", "article"]), ensure_ascii=False)
        assert all(article.body[:80] not in sent for article in study.corpus)

    def test_an_opened_article_has_its_text_and_marks_its_evidence_and_numbers(self, study, widget):
        for article in list(study.corpus)[:5]:
            widget.opened = article.article_id
            shown = widget.article
            assert (shown["id"], shown["title"], shown["body"]) == (article.article_id, article.title, article.body)
            claims = study.claims.table.query("article_id == @article.article_id")
            evidence = study.themes.evidence.query("article_id == @article.article_id")
            assert {study.corpus.passages.by_id(each).text for each in evidence["passage_id"]} <= marked(shown)
            assert set(claims["printed"]) <= marked(shown)
        widget.opened = ""
        assert widget.article == {}

    def test_a_selection_is_a_list_of_known_ids(self, study, widget):
        ids = [article.article_id for article in study.corpus][:2]
        widget.selection = [*ids, ids[0]]
        assert widget.selection == ids
        for wrong, message in ((["nobody"], "not on the map: nobody"), (5, "5 is no list of ids"), ([7], "7")):
            with pytest.raises(rt.InputError, match=message):
                widget.selection = wrong
        with pytest.raises(rt.InputError, match="not on the map: nobody"):
            widget.opened = "nobody"
        assert widget.selection == ids
        widget.selection = []

    def test_marks_are_counted_as_the_browser_counts(self, study, widget):
        first, *others = study.corpus
        odd = replace(first, title=ODD + HOSTILE, body=ODD + first.body)
        fitted = rt.Study(random_state=0, n_topics=2, n_clusters=2).fit(rt.Corpus((odd, *others[:7])))
        shifted = rt.map_widget(fitted)
        shifted.opened = odd.article_id
        assert shifted.article["title"] == shifted.points[0]["title"] == ODD + HOSTILE
        evidence = fitted.themes.evidence.query("article_id == @odd.article_id")
        assert {fitted.corpus.passages.by_id(each).text for each in evidence["passage_id"]} <= marked(shifted.article)
        assert evidence["passage_id"].nunique() > 3

    def test_of_more_articles_so_many_are_shown_and_it_says_so(self, study):
        pytest.importorskip("anywidget")
        widget = rt.map_widget(study, max_articles=10)
        assert len(widget.points) == 10
        assert repr(widget) == f"<map of 10 of {len(study.corpus)} articles>"

    def test_a_picture_goes_with_it(self, widget):
        open_before = plt.get_fignums()
        data, _ = widget._repr_mimebundle_()
        assert WIDGET_VIEW in data
        assert b64decode(data["image/png"]).startswith(PNG)
        assert plt.get_fignums() == open_before

    def test_nothing_is_fetched_and_no_text_becomes_markup(self, widget):
        """The script names no address but that of SVG, and writes no HTML."""
        script = widget._esm
        assert script.count("://") == script.count('"http://www.w3.org/2000/svg"') == 1
        assert not [
            word for word in ("innerHTML", "insertAdjacent", "document.write", "fetch(", "import ") if word in script
        ]
        assert "url(" not in widget._css


class TestTable:
    """Tables that are sorted and searched, as texts."""

    def test_texts_are_escaped(self):
        pytest.importorskip("itables")
        table = rt.show_table(pd.DataFrame({f"column {HOSTILE}": [HOSTILE, "稀土"]}))
        sent = json.dumps(table.get_state(["_dt_args", "caption"]), ensure_ascii=False)
        assert "<img" not in sent
        assert json.loads(table._dt_args["data_json"])[1] == ["稀土"]
        data, _ = table._repr_mimebundle_()
        assert WIDGET_VIEW in data
        assert "<img" not in data["text/html"]
        assert "&lt;img" in data["text/html"]

    def test_every_row_is_there_or_it_says_so(self):
        pytest.importorskip("itables")
        table = pd.DataFrame({"number": range(3000), "text": "稀土" * 40})
        assert len(json.loads(rt.show_table(table)._dt_args["data_json"])) == 3000
        part = rt.show_table(table, max_rows=20)
        assert part.caption == "first 20 of 3,000 rows"

    def test_what_is_no_table_is_refused(self, study):
        with pytest.raises(rt.InputError, match="a list where a table was expected"):
            rt.show_table([1])
        with pytest.raises(rt.InputError, match="max_rows is 0; give a whole number above 0"):
            rt.show_table(study.topics, max_rows=0)


class TestWithoutTheExtra:
    """A picture and a plain table, which say what would make them interactive."""

    def test_the_map_is_a_picture_with_a_selection(self, study, no_libraries):
        still = rt.map_widget(study)
        assert isinstance(still, StaticMap)
        assert still._repr_png_().startswith(PNG)
        assert "rare-topics[widgets]" in repr(still)
        ids = [study.corpus[3].article_id]
        still.selection = ids
        with pytest.raises(rt.InputError, match="not on the map: nobody"):
            still.selection = ["nobody"]
        assert still.selection == ids

    def test_a_table_is_plain_and_escaped(self, no_libraries):
        still = rt.show_table(pd.DataFrame({"title": [HOSTILE] * 30}))
        assert isinstance(still, StaticTable)
        assert "<img" not in still._repr_html_()
        assert "20 more" in still._repr_html_()
        assert "rare-topics[widgets]" in repr(still)

    def test_the_package_needs_none_of_the_libraries(self):
        script = (
            "import sys; sys.modules['anywidget'] = sys.modules['itables'] = None\n"
            "import rare_topics as rt; print(rt.map_widget.__name__, rt.show_table.__name__)"
        )
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        assert done.stdout.split() == ["map_widget", "show_table"]


def test_a_corpus_has_no_map(seeds):
    with pytest.raises(rt.InputError, match="a Corpus where a fitted study was expected"):
        rt.map_widget(seeds)


def test_ids_may_come_from_any_iterable():
    assert checked_ids(pd.Series(["b", "a", "b"]), {"a", "b"}) == ["b", "a"]


class TestHierarchyFigure:
    """The tree of topics or of clusters, drawn."""

    @pytest.mark.parametrize("kind", ["topic", "cluster"])
    def test_leaves_are_rows_and_joins_stand_at_their_distance(self, study, kind):
        tree = study.hierarchy(kind)
        ax = rt.plot_hierarchy(study, kind=kind)
        ax.figure.draw_without_rendering()
        rows = [label.get_text() for label in ax.get_yticklabels()]
        assert {int(row.split()[0]) for row in rows} == set(tree.numbers)
        joins = [line.vertices[1, 0] for line in ax.collections[0].get_paths()]
        assert sorted(joins) == pytest.approx(sorted(tree.merges[:, 2]))
        assert f"(N = {len(study.corpus)} articles, {len(rows)} {kind}s)" in ax.get_title(loc="left")
        plt.close("all")

    def test_joined_leaves_stand_beside_each_other(self, study):
        """The two that are nearest of all are neighbours."""
        tree = study.hierarchy("cluster")
        ax = rt.plot_hierarchy(study, kind="cluster")
        rows = [int(label.get_text().split()[0]) for label in ax.get_yticklabels()]
        one, other = (tree.numbers[int(leaf)] for leaf in tree.merges[0, :2])
        assert abs(rows.index(one) - rows.index(other)) == 1
        plt.close("all")

    def test_names_stand_in_one_language_where_that_is_asked_for(self, study):
        names = [label.get_text() for label in rt.plot_hierarchy(study, lang="en").get_yticklabels()]
        assert not [name for name in names if "\n" in name]
        plt.close("all")

    def test_what_cannot_be_drawn_is_refused(self, study, seeds):
        with pytest.raises(rt.InputError, match="no kind 'theme'"):
            rt.plot_hierarchy(study, kind="theme")
        with pytest.raises(rt.InputError, match="no language 'de'"):
            rt.plot_hierarchy(study, lang="de")
        with pytest.raises(rt.InputError, match="a Corpus where a fitted study was expected"):
            rt.plot_hierarchy(seeds)
