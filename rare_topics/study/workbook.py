"""A study as one workbook of Excel: a sheet for each table, texts as texts, nothing that computes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rare_topics.errors import UNPRINTABLE, InputError
from rare_topics.runtime.atomic_write import check_file_place, explain_write_errors, replaced_file
from rare_topics.study import stories, tables, topic_shares, word_use
from rare_topics.study.article_table import to_frame
from rare_topics.study.provenance import manifest
from rare_topics.study.search import representative
from rare_topics.study.state import StudyState

if TYPE_CHECKING:
    import pandas as pd

# What Excel holds.
MAX_ROWS, MAX_CHARACTERS = 1_048_575, 32_767
# Characters of the widest column, and rows by which a width is judged.
MAX_WIDTH, JUDGED_ROWS = 60, 200
# Equal studies give equal bytes.
CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 - a fixed mark and no time
AUTHOR = "rare_topics"
QUOTES_PER_GROUP = 3


def to_excel(state: StudyState, path: str | Path) -> Path:
    """Write a workbook.

    Parameters
    ----------
    state
        A fitted study whose themes and claims were read.
    path
        A file ``.xlsx``; a workbook that this package wrote there is replaced.

    Returns
    -------
    Path
        The file. Its sheets: about (settings, warnings, changes by hand), articles (`to_frame`),
        topics, topic_terms, clusters, quotes (articles that stand for each topic and cluster),
        evidence of the themes, suppliers, events, claims, disagreements, topics_over_time, repeats.
        A text is a text, whatever it begins with; what is longer than Excel holds is cut, with a
        mark.

    Raises
    ------
    InputError
        If xlsxwriter is not installed, the name does not end with .xlsx, or another file is there.
    """
    path = Path(path)
    xlsxwriter = _xlsxwriter()
    _check_place(path)
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": CREATED, "author": AUTHOR, "comments": f"rare_topics {version('rare-topics')}"})
    formats = {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for name, table in _sheets(state).items():
        _write_sheet(book.add_worksheet(name), table, formats)
    book.close()
    with explain_write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced_file(path) as file:
            file.write(buffer.getvalue())
    return path


def _sheets(state: StudyState) -> Mapping[str, pd.DataFrame]:
    dated = any(article.published for article in state.corpus)
    return {
        "about": _about(state),
        "articles": to_frame(state),
        "topics": tables.topics(state),
        "topic_terms": tables.topic_terms(state),
        "clusters": tables.clusters(state),
        "quotes": _quotes(state),
        "evidence": state.themes.evidence,
        "suppliers": state.themes.suppliers,
        "events": state.themes.events,
        "claims": state.claims.table,
        "disagreements": state.claims.disagreements,
        **({"topics_over_time": topic_shares.topics_over_time(state)} if dated else {}),
        "terms": tables.terms(state),
        "collocations": word_use.collocations(state),
        "repeats": stories.repeats(state),
    }


def _about(state: StudyState) -> pd.DataFrame:
    """List what the study was made from and with, one line each."""
    import pandas as pd

    entries = manifest(state)
    rows = [("articles", str(entries["articles"]))]
    rows += [("input", f"{entry['name']}, sha256 {entry['sha256']}") for entry in entries["inputs"]]
    rows += [(f"setting {name}", str(value)) for name, value in entries["settings"].items()]
    rows += [(f"score {name}", "" if value is None else str(value)) for name, value in entries["scores"].items()]
    rows += [("changed by hand", line) for line in entries.get("edits", ())]
    rows += [("warning", line) for line in entries["warnings"]]
    return pd.DataFrame(rows, columns=["what", "value"])


def _quotes(state: StudyState) -> pd.DataFrame:
    """List the articles that stand for each topic and cluster, with a quote."""
    import pandas as pd

    groups = [("topic", number) for number in state.topic_ids]
    groups += [("cluster", number) for number in tables.cluster_ids(state)]
    found = []
    for kind, number in groups:
        table = representative(state, kind, number, QUOTES_PER_GROUP)
        table.insert(0, "number", number)
        table.insert(0, "kind", kind)
        found.append(table)
    return pd.concat(found, ignore_index=True)


def _write_sheet(sheet: Any, table: pd.DataFrame, formats: Mapping[str, Any]) -> None:  # noqa: ANN401 - a worksheet
    n_rows = min(len(table), MAX_ROWS)
    for column, name in enumerate(map(str, table.columns)):
        cells = table.iloc[:n_rows, column].tolist()
        sheet.write_string(0, column, name, formats["head"])
        width = max([len(name), *(len(str(cell)) for cell in cells[:JUDGED_ROWS])]) + 2
        sheet.set_column(column, column, min(width, MAX_WIDTH))
        for row, cell in enumerate(cells, 1):
            _write_cell(sheet, row, column, cell, formats)
    sheet.freeze_panes(1, 0)
    if n_rows:
        sheet.autofilter(0, 0, n_rows, len(table.columns) - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Any, formats: Mapping[str, Any]) -> None:  # noqa: ANN401
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN and NaT
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, (int, float)):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, formats["date"])
    else:
        text = UNPRINTABLE.sub("\ufffd", str(cell)).replace("\x0b", " ").replace("\x0c", " ")
        sheet.write_string(row, column, text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1]}…")


def _check_place(path: Path) -> None:
    """Make sure that nothing but a workbook of this package is replaced."""
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"'{path.name}' is no name of a workbook", where=str(path), fix="let it end with .xlsx")
    check_file_place(path, mark=b"PK", writer="workbook")
    if path.exists() and path.stat().st_size:
        try:
            with zipfile.ZipFile(path) as parts, parts.open("docProps/core.xml") as about:
                is_own = AUTHOR.encode() in about.read(10_000)
        except (zipfile.BadZipFile, KeyError, OSError):
            is_own = False
        if not is_own:
            fix = "give another name, or remove it"
            raise InputError("is a workbook that was not written here", where=str(path), fix=fix)


def _xlsxwriter() -> Any:  # noqa: ANN401 - a module
    try:
        import xlsxwriter
    except ImportError as error:
        raise InputError(
            "workbooks are written by xlsxwriter, which is not installed", fix="pip install 'rare-topics[excel]'"
        ) from error
    return xlsxwriter
