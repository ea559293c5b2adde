"""The pictures of the page as Vega-Lite, without their numbers, which the page fills in."""

from __future__ import annotations

from typing import Any

# Told apart by eye on white and on near-black; the last is for what belongs nowhere.
COLOURS = ("#3b7dd8", "#c8641b", "#2a9168", "#c24d8f", "#8a63c9", "#a1772b", "#d04545", "#2c8fa3", "#7a8a2a", "#5f6fb0")
GREY = "#868e96"
LANGUAGES = ("zh", "en")
ROWS = "rows"


def chart_specs(n_clusters: int) -> dict[str, dict[str, Any]]:
    """Describe the pictures.

    Parameters
    ----------
    n_clusters
        Number of clusters, each of which takes a colour.

    Returns
    -------
    dict
        Vega-Lite by name. The rows come from a data source named ``rows``; a text that begins
        with ``@`` is a key of the page's words, put in the reader's language by the page.
    """
    charts = {
        "map": _map(n_clusters),
        "months": _months(),
        "topics": _topics(),
        "themes": _themes(),
        "claims": _claims(),
    }
    return {name: _plain(chart) for name, chart in charts.items()}


def _plain(chart: Any) -> dict[str, Any]:  # noqa: ANN401 - altair's charts have no type in common
    spec: dict[str, Any] = chart.to_dict()
    # The address of a schema is none to go to; without it the page names no host at all.
    spec.pop("$schema", None)
    spec.pop("config", None)
    return spec


def _map(n_clusters: int) -> Any:  # noqa: ANN401
    import altair as alt

    numbers = [*range(n_clusters), -1]
    palette = [COLOURS[number % len(COLOURS)] for number in range(n_clusters)] + [GREY]
    shown = alt.condition("datum.shown", alt.value(0.92), alt.value(0.12))
    return (
        alt.Chart(alt.NamedData(ROWS))
        .mark_point(filled=True, stroke="transparent")
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(zero=False, padding=18)),
            y=alt.Y("y:Q", axis=None, scale=alt.Scale(zero=False, padding=18)),
            color=alt.Color("cluster:N", scale=alt.Scale(domain=numbers, range=palette), legend=None),
            shape=alt.Shape(
                "lang:N",
                scale=alt.Scale(domain=[*LANGUAGES, ""], range=["circle", "square", "triangle-up"]),
                legend=None,
            ),
            size=alt.Size("confidence:Q", scale=alt.Scale(domain=[0, 1], range=[45, 320]), legend=None),
            opacity=shown,
            tooltip=alt.Tooltip("label:N"),
        )
        .properties(width="container", height=440, description="@map_alt")
    )


def _months() -> Any:  # noqa: ANN401
    import altair as alt

    return (
        alt.Chart(alt.NamedData(ROWS))
        .mark_bar()
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45, labelOverlap=True)),
            y=alt.Y("n:Q", title="@articles", axis=alt.Axis(tickMinStep=1, format="d")),
            color=alt.Color(
                "language:N", title="@body_language", scale=alt.Scale(range=[COLOURS[6], COLOURS[0], GREY]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=alt.Tooltip("label:N"),
        )
        .properties(width="container", height=220, description="@months_alt")
    )  # fmt: skip


def _topics() -> Any:  # noqa: ANN401
    import altair as alt

    return (
        alt.Chart(alt.NamedData(ROWS))
        .mark_bar(color=COLOURS[0])
        .encode(
            y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=230)),
            x=alt.X("share:Q", title="@share_of_corpus", axis=alt.Axis(format="%")),
            opacity=alt.Opacity("stability:Q", scale=alt.Scale(domain=[0, 1], range=[0.15, 1]), legend=None),
            tooltip=alt.Tooltip("label:N"),
        )
        .properties(
            width="container", height=alt.Step(26), description="@topics_alt",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
    )  # fmt: skip


def _themes() -> Any:  # noqa: ANN401
    import altair as alt

    return (
        alt.Chart(alt.NamedData(ROWS))
        .mark_circle(color=COLOURS[0], opacity=0.9)
        .encode(
            x=alt.X("month:O", title=None, axis=alt.Axis(labelAngle=-45, grid=True)),
            y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=230, grid=True)),
            size=alt.Size(
                "share:Q", title="@share_of_month", scale=alt.Scale(domain=[0, 1], range=[0, 380]),
                legend=alt.Legend(format="%", orient="top", values=[0.25, 0.5, 1]),
            ),
            tooltip=alt.Tooltip("label:N"),
        )
        .properties(
            width="container", height=alt.Step(26), description="@themes_alt",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
    )  # fmt: skip


def _claims() -> Any:  # noqa: ANN401
    import altair as alt

    rows = alt.Chart(alt.NamedData(ROWS)).encode(
        x=alt.X("value:Q"),
        y=alt.Y("name:N", title=None, sort=None, axis=alt.Axis(labelLimit=230, grid=True)),
        tooltip=alt.Tooltip("label:N"),
    )
    return (
        alt.layer(
            rows.mark_rule(strokeWidth=4, color=COLOURS[0], opacity=0.5).encode(x2="high:Q"),
            rows.mark_point(filled=True, size=90, color=COLOURS[0]),
            rows.mark_point(filled=True, size=90, color=COLOURS[0]).encode(x=alt.X("high:Q")),
        )
        .properties(
            width="container", height=alt.Step(24), description="@claims_alt",
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
    )  # fmt: skip
