"""The map as a widget: points in the browser, texts and their marks from the kernel when one is opened."""

from __future__ import annotations

from base64 import b64encode
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from rare_topics.plots.labels import join_languages
from rare_topics.plots.style import cluster_colour
from rare_topics.report.anchors import Anchors
from rare_topics.report.page_assets import read_asset
from rare_topics.report.page_data import article_rows, claim_rows, evidence_by_article
from rare_topics.runtime.html import count_noun
from rare_topics.widgets.static import checked_ids, map_picture

if TYPE_CHECKING:
    from rare_topics.study import Study

TEXT_FIELDS = ("id", "title", "body", "source", "date", "title_lang", "lang")
# Scripts of the report that the widget shares, before its own.
SHARED_SCRIPTS = ("dom.js", "text.js")


def widget_asset(name: str) -> str:
    """Read a file of ``data/widgets`` as text."""
    return (files("rare_topics") / "data" / "widgets" / name).read_text("utf-8")


class ArticleIds(traitlets.List[Any]):
    """Ids of articles that are on the map of the widget; others are refused before anything has changed."""

    def validate(self, obj: Any, value: Any) -> list[str]:  # noqa: ANN401 - whatever is set
        """Return the ids, each once."""
        return checked_ids(value, obj.known_ids)


class MapWidget(anywidget.AnyWidget):
    """The map of a study in a cell of a notebook.

    Parameters
    ----------
    study
        A fitted study, whose articles are all shown.
    n_total
        Number of articles that these were chosen from.

    Attributes
    ----------
    selection : list of str
        Ids of the articles picked by the lasso; may be set.
    opened : str
        Id of the article that is open, or nothing; may be set.
    """

    _esm = "\n".join([*map(read_asset, SHARED_SCRIPTS), widget_asset("map.mjs")])
    _css = widget_asset("map.css")
    points: traitlets.List[Any] = traitlets.List().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    article: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    opened = traitlets.Unicode().tag(sync=True)
    selection: traitlets.List[Any] = ArticleIds().tag(sync=True)

    def __init__(self, study: Study, *, n_total: int) -> None:
        self.study = study
        self.known_ids = {article.article_id for article in study.corpus}
        shown = count_noun(len(study.corpus), "article")
        note = shown if len(study.corpus) == n_total else f"{len(study.corpus):,} of {count_noun(n_total, 'article')}"
        super().__init__(points=_points(study), note=note)

    @traitlets.validate("opened")
    def _check_opened(self, proposal: dict[str, Any]) -> str:
        return checked_ids([proposal["value"]], self.known_ids | {""})[0]

    @traitlets.observe("opened")
    def _send_article(self, change: dict[str, Any]) -> None:
        self.article = self.article_with_marks(change["new"]) if change["new"] else {}

    def article_with_marks(self, article_id: str) -> dict[str, Any]:
        """Return an article as the browser shows it.

        Parameters
        ----------
        article_id
            One of the shown articles.

        Returns
        -------
        dict
            id, title, body, source, date, languages, and ``marks``: dicts of field (``title`` or
            ``body``), start and end in UTF-16 units, kind (``evidence`` or ``claim``) and label.
        """
        row = self._articles[article_id]
        evidence = [_evidence_mark(mark, self._theme_titles) for mark in self._evidence.get(article_id, [])]
        claims = [_claim_mark(claim) for claim in self._claims if claim["article_id"] == article_id]
        return {**{name: row[name] for name in TEXT_FIELDS}, "marks": [*evidence, *claims]}

    @cached_property
    def png(self) -> bytes:
        """The picture that is shown where no kernel runs."""
        return map_picture(self.study)

    @cached_property
    def _articles(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in article_rows(self.study)}

    @cached_property
    def _evidence(self) -> dict[str, list[dict[str, Any]]]:
        return evidence_by_article(self.study, self._anchors)

    @cached_property
    def _claims(self) -> list[dict[str, Any]]:
        return claim_rows(self.study, self._anchors)

    @cached_property
    def _anchors(self) -> Anchors:
        return Anchors(self.study.corpus)

    @cached_property
    def _theme_titles(self) -> dict[str, str]:
        return {name: join_languages(theme.title.zh, theme.title.en) for name, theme in self.study.themes.items()}

    def __repr__(self) -> str:
        return f"<map of {self.note}>"

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
        data, metadata = super()._repr_mimebundle_(**options) or ({}, {})
        return {**data, "image/png": b64encode(self.png).decode("ascii")}, metadata


def _points(study: Study) -> list[dict[str, Any]]:
    """List the articles with place, colour and the texts of a hover."""
    table = study.clusters[["cluster", "label_zh", "label_en"]].drop_duplicates("cluster")
    names = {cluster: join_languages(zh, en) for cluster, zh, en in table.to_numpy().tolist()}
    return [
        {
            **{name: row[name] for name in ("id", "title", "date", "source")},
            **{name: float(row[name]) for name in ("x", "y", "confidence")},
            "cluster": names[row["cluster"]],
            "colour": cluster_colour(row["cluster"]),
        }
        for row in article_rows(study)
    ]


def _evidence_mark(mark: dict[str, Any], titles: dict[str, str]) -> dict[str, Any]:
    label = ", ".join(titles[name] for name in mark["themes"])
    return {**_place(mark), "kind": "evidence", "label": label}


def _claim_mark(claim: dict[str, Any]) -> dict[str, Any]:
    number = join_languages(claim["number_zh"], claim["number_en"])
    subject = join_languages(claim["subject_zh"], claim["subject_en"])
    return {**_place(claim), "kind": "claim", "label": f"{number}: {subject}" if subject else number}


def _place(mark: dict[str, Any]) -> dict[str, Any]:
    return {name: mark[name] for name in ("field", "start", "end")}
