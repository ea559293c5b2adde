"""The page: one file that opens from disk, asks nobody for anything, and runs no code but its own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.corpus.languages import Label
from rare_topics.errors import InputError
from rare_topics.report.key_findings import Answer, KeyFindings
from rare_topics.report.messages import message, messages, warning_wording
from rare_topics.report.page_assets import chart_specs, embedded_font, page_script, read_asset, vega_bundle
from rare_topics.report.page_data import page_data
from rare_topics.runtime.atomic_write import check_file_place, write_file
from rare_topics.study.validation import require_study

if TYPE_CHECKING:
    from rare_topics.study import Study

SECTIONS = (
    "minute", "find", "articles", "map", "themes", "acts", "suppliers", "claims", "topics", "timeline", "about",
)  # fmt: skip
# `<` and `&` would begin markup; JavaScript before 2019 ended a line at U+2028; UTF-8 has no lone surrogates.
UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
FRAME_HEIGHT = 720
TOO_LARGE_FOR_A_CELL = (
    "This report is larger than a cell can show; <code>rt.write_report(study, 'report.html')</code> writes it. "
    "报告过大，无法在单元格中显示；可用 <code>rt.write_report(study, 'report.html')</code> 写成文件。"
)
# Stands in the head of each report, and in no other page.
REPORT_MARK = b'<meta name="generator" content="rare_topics report">'


@dataclass(frozen=True)
class Report:
    """The report of a study; a notebook shows it in its cell.

    Parameters
    ----------
    study
        A fitted study.
    max_articles
        Of more articles the page shows so many, evenly chosen in order of date, and says so in its
        head. A browser that opens the page of 5,000 articles (``tests/benchmarks/report_size.py``)
        is still quick.
    max_frame_bytes
        A larger page is not shown in a cell, since Chromium breaks off what a frame holds at two MiB.
    """

    study: Study
    max_articles: int = field(default=5000, kw_only=True)
    max_frame_bytes: int = field(default=2**21 - 1, kw_only=True)

    def __post_init__(self) -> None:
        require_study(self.study)

    @cached_property
    def html(self) -> str:
        """The whole page, the same characters for equal studies."""
        shown = self.study.subset(self.max_articles)
        data = page_data(shown)
        if len(shown.corpus) < len(self.study.corpus):
            data["total"] = len(self.study.corpus)
        return render(data, KeyFindings(shown, data).answers())

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all.

        Parameters
        ----------
        path
            File to write; a file that is there is replaced.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If the file cannot be written, or is one that is no report.
        """
        path = Path(path)
        check_report_path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_file(path, self.html.encode("utf-8", "backslashreplace"))
        except OSError as error:
            reason = error.strerror or str(error)
            raise InputError(
                f"cannot be written ({reason})", where=str(path), fix="give another file to write"
            ) from error
        return path

    def _repr_html_(self) -> str:
        """Show the page in a frame that can reach neither the notebook nor the net."""
        page = html.escape(self.html, quote=True)
        if len(page.encode()) > self.max_frame_bytes:
            return f"<p>{TOO_LARGE_FOR_A_CELL}</p>"
        return (
            f'<iframe title="rare_topics" sandbox="allow-scripts allow-modals" width="100%" height="{FRAME_HEIGHT}" '
            f'style="border:0" srcdoc="{page}"></iframe>'
        )


def write_report(study: Study, path: str | Path, *, max_articles: int = 5000) -> Path:
    """Write the report of a study as one file.

    Parameters
    ----------
    study
        A fitted study.
    path
        File to write; a file that is there is replaced.
    max_articles
        Number of articles shown at most, see `Report`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    return Report(study, max_articles=max_articles).write(path)


def check_report_path(path: str | Path) -> None:
    """Check that a report can be written at a path, before the work is done.

    Raises
    ------
    InputError
        If the path is a folder, a link, a device, or a file that is no report.
    """
    check_file_place(Path(path), mark=REPORT_MARK, writer="report")


def render(data: dict[str, Any], answers: Sequence[Answer] = (), *, max_plain_bytes: int = 4_000_000) -> str:
    """Render the page.

    Parameters
    ----------
    data
        From `page_data`.
    answers
        What stands at the top, from `KeyFindings`.
    max_plain_bytes
        Size from which the data are compressed; below it they can be read in the file.

    Returns
    -------
    str
        HTML whose Content-Security-Policy allows the scripts and the style in it by their
        hashes, its font, and nothing else.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    # The highest number counts, not how many there are: when clusters have merged, the others keep their colours.
    n_colours = max((row["cluster"] for row in data["clusters"]), default=-1) + 1
    span = _corpus_span(data["articles"], data.get("total", 0))
    warnings = [warning_wording(warning) for warning in data["manifest"]["warnings"]]
    data_block = json_block({**data, "messages": messages(), "charts": chart_specs(n_colours)})
    compressed = len(data_block.encode()) > max_plain_bytes
    # Of the data, which may be large, each character once.
    shown = ("".join(set(data_block)), read_asset("page.html"), *map(str, (*answers, span, *warnings)))
    font = embedded_font("".join(shown))
    style = read_asset("page.css").replace("FONT_ADDRESS", font)
    scripts = [_inline_script(vega_bundle()), _inline_script(page_script())]
    cited = _citation_numbers(answers)
    articles = {article["id"]: article for article in data["articles"]}
    environment = Environment(
        loader=FunctionLoader(read_asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html").render(
        data=data,
        messages=messages(),
        sections=[name for name in SECTIONS if data.get(name, True)],
        span=span,
        answers=answers,
        cited=cited,
        cited_articles=[articles[name] for name in cited],
        warnings=warnings,
        policy=_security_policy(scripts, style),
        style=Markup(style),  # noqa: S704 - the package's own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - the package's own files, and Vega
        data_block=Markup(compress(data_block) if compressed else data_block),  # noqa: S704 - no markup in it
        compressed=compressed,
    )


def _citation_numbers(answers: Sequence[Answer]) -> dict[str, int]:
    """Give each article that the answers link to a number, in order: what paper has instead of the links."""
    links = (link for answer in answers for sentence in answer.sentences for link in sentence.links)
    return {name: number for number, name in enumerate(dict.fromkeys(link.quote.article for link in links), 1)}


def _corpus_span(articles: list[dict[str, Any]], n_total: int) -> Label:
    """Say how many articles are shown, of how many, from how many sources, and from when to when."""
    dates = sorted(article["date"] for article in articles if article["date"])
    n_sources = len({article["source"] for article in articles})
    if dates:
        span = message("span", n=len(articles), sources=n_sources, first=dates[0], last=dates[-1])
    else:
        span = message("span_undated", n=len(articles), sources=n_sources)
    if n_total <= len(articles):
        return span
    part = message("span_part", n=len(articles), total=n_total)
    return Label(zh=span.zh + part.zh, en=span.en + part.en)


def json_block(value: object) -> str:
    """Write a value as JSON that can stand in a script element.

    Returns
    -------
    str
        JSON with ``<``, ``>``, ``&``, lone surrogates, U+2028 and U+2029 as escapes.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return UNSAFE_IN_SCRIPT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def compress(text: str) -> str:
    """Compress a text by gzip, without a time stamp, and write it as base64."""
    # Level 9, the usual one, takes twice as long for one hundredth less.
    return base64.b64encode(gzip.compress(text.encode("utf-8"), compresslevel=6, mtime=0)).decode("ascii")


def _inline_script(code: str) -> str:
    """Escape what would end a script element."""
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r", "")


def _security_policy(scripts: list[str], style: str) -> str:
    allowed = " ".join(map(_csp_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_csp_hash(style)}; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _csp_hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
