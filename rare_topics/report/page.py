"""The page: one file that opens from disk, asks nobody for anything, and runs no code but its own."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.errors import InputError
from rare_topics.report.charts import chart_specs
from rare_topics.report.font import embedded_font
from rare_topics.report.key_findings import Answer, Summary
from rare_topics.report.messages import Said, say, words
from rare_topics.report.page_data import page_data
from rare_topics.runtime.atomic_write import write_file
from rare_topics.runtime.cache import DiskCache

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from rare_topics.study import Study

SCRIPTS = (
    "dom.js",
    "state.js",
    "search.js",
    "text.js",
    "charts.js",
    "views.js",
    "narratives.js",
    "claims.js",
    "reader.js",
    "main.js",
)
SECTIONS = ("minute", "find", "map", "articles", "themes", "suppliers", "claims", "topics", "timeline", "about")
# What would end a script element, or a line of one, is written as an escape.
UNSAFE_IN_SCRIPT = re.compile("[<>&\u2028\u2029\ud800-\udfff]")
# Beyond so many bytes the data are packed; below, they can be read with the eye.
PLAIN_UP_TO = 4_000_000
FRAME_HEIGHT = 720
# A browser does not hold many more; the tables of a run do.
MOST_ARTICLES = 5000


@dataclass(frozen=True)
class Report:
    """The report of a study; a notebook shows it in its cell.

    Parameters
    ----------
    study
        A fitted study. Of more than 5,000 articles the page shows so many, evenly chosen in
        order of date, which its head says.
    """

    study: Study

    @cached_property
    def html(self) -> str:
        """The whole page, the same characters for equal studies."""
        from rare_topics.study import excerpt

        shown = excerpt(self.study, MOST_ARTICLES)
        data = page_data(shown)
        if shown is not self.study:
            data["total"] = len(self.study.corpus)
        return render(data, Summary(shown, data).answers())

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
            If the file cannot be written.
        """
        path = Path(path)
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
        return (
            f'<iframe title="rare_topics" sandbox="allow-scripts allow-modals" width="100%" height="{FRAME_HEIGHT}" '
            f'style="border:0" srcdoc="{page}"></iframe>'
        )


def write_report(study: Study, path: str | Path) -> Path:
    """Write the report of a study; see `Report.write`."""
    return Report(study).write(path)


def check_file(path: str | Path) -> None:
    """Make sure that a page can be written at a place, before the work is done.

    Raises
    ------
    InputError
        If the place is a folder.
    """
    if Path(path).is_dir():
        raise InputError("is a folder, not a file", where=str(path), fix="give another --out")


def render(data: dict[str, Any], answers: Sequence[Answer] = ()) -> str:
    """Render the page.

    Parameters
    ----------
    data
        From `page_data`.
    answers
        What stands at the top, from `Summary`.

    Returns
    -------
    str
        HTML whose Content-Security-Policy allows the scripts and the style in it by their
        hashes, its font, and nothing else.
    """
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    # Numbers of clusters that are gone keep their colours, so that the others do.
    n_numbers = max((row["cluster"] for row in data["clusters"]), default=-1) + 1
    block = json_block({**data, "words": words(), "charts": chart_specs(n_numbers)})
    environment = Environment(
        loader=FunctionLoader(_source), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    style = _source("page.css").replace(
        "FONT_ADDRESS", embedded_font(block + _source("page.html") + "".join(map(str, answers)))
    )
    scripts = [_script(vega_bundle()), _script(_own_script())]
    packed = len(block.encode()) > PLAIN_UP_TO
    return environment.get_template("page.html").render(
        data=data,
        words=words(),
        sections=[name for name in SECTIONS if data.get(name, True)],
        span=_span(data["articles"], data.get("total", 0)),
        answers=answers,
        policy=_policy(scripts, style),
        style=Markup(style),  # noqa: S704 - the package's own file
        scripts=[Markup(script) for script in scripts],  # noqa: S704 - the package's own files, and Vega
        block=Markup(pack(block) if packed else block),  # noqa: S704 - json_block leaves no markup
        packed=packed,
    )


def _span(articles: list[dict[str, Any]], total: int) -> Said:
    """Say how many articles there are, of how many, from how many sources, and from when to when."""
    dates = sorted(filter(None, (article["date"] for article in articles)))
    sources = len({article["source"] for article in articles})
    n, first, last = len(articles), dates[0] if dates else "", dates[-1] if dates else ""
    key = "span" if dates else "span_undated"
    found = say(key, n=n, sources=sources, first=first, last=last)
    part = say("span_part", n=n, total=total)
    return {lang: f"{text}{part[lang]}" for lang, text in found.items()} if total > n else found


def json_block(value: object) -> str:
    """Write a value as JSON that no HTML parser sees an end in.

    Returns
    -------
    str
        JSON without ``<``, ``>``, ``&``, lone surrogates and the line ends of JavaScript.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return UNSAFE_IN_SCRIPT.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def pack(text: str) -> str:
    """Compress a text, the same bytes every time, in letters that HTML leaves alone."""
    return base64.b64encode(gzip.compress(text.encode("utf-8"), mtime=0)).decode("ascii")


@lru_cache(maxsize=1)
def vega_bundle() -> str:
    """Vega, Vega-Lite and vega-embed as one script that loads nothing; bundling takes a second, so it is kept."""
    memo = DiskCache("vega", version("vl-convert-python"))
    if "script" not in memo:
        from vl_convert import javascript_bundle

        memo["script"] = str(javascript_bundle("window.vegaEmbed = vegaEmbed;"))
        memo.keep()
    return str(memo["script"])


def _own_script() -> str:
    sources = "\n".join(_source(name) for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{sources}}})();\n'


def _script(code: str) -> str:
    return code.replace("</script", "<\\/script").replace("<!--", "<\\!--").replace("\r", "")


def _policy(scripts: list[str], style: str) -> str:
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"


def _folder() -> Traversable:
    return files("rare_topics") / "data" / "report"


def _source(name: str) -> str:
    return (_folder() / name).read_text("utf-8").replace("\r\n", "\n")
