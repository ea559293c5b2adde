"""Figures as files: picture, vector picture and data under one name, and a page that shows them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from importlib import import_module
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from rare_topics.errors import REPLACEMENT, InputError
from rare_topics.figures.figure import Figure
from rare_topics.figures.registry import FIGURES, select_figures
from rare_topics.plots.axes import write_answer
from rare_topics.plots.style import figure_style, font_path
from rare_topics.runtime.atomic_write import explain_write_errors, lock_folder, write_file
from rare_topics.runtime.csv_files import to_csv
from rare_topics.runtime.parallel import parallel_map

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture
    from matplotlib.transforms import Bbox

    from rare_topics.corpus.languages import Label
    from rare_topics.study import Study

README = "README.md"
LEAD = "# Figures\n\nWritten by `rare-topics figures`; each picture stands beside the numbers it draws.\n"
SUFFIXES = (".png", ".svg", ".csv")
# Decimals of positions of axes, as shares of the picture.
POSITION_DIGITS = 6
# Number of figures from which further processes draw sooner than they start, by trial.
PARALLEL_FROM = 6
# Without dates and versions the same picture is the same file.
SVG: dict[str, Any] = {"metadata": {"Date": None, "Creator": None}}
# Flat colours are smaller at level 3 than at the usual 6, and sooner packed.
PNG: dict[str, Any] = {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 3}}

# All that is no Char of XML 1.0, section 2.2.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Outcome(NamedTuple):
    """What was done with a figure's files.

    Attributes
    ----------
    name
        Name of the figure.
    status
        ``"new"``, ``"changed"``, ``"same"``, or ``"no data"`` where there is nothing to draw.
    """

    name: str
    status: Literal["new", "changed", "same", "no data"]


def save_figures(
    study: Study,
    folder: str | Path,
    *,
    names: Iterable[str] | None = None,
    progress: Callable[[Outcome], object] | None = None,
) -> list[Outcome]:
    """Draw a study's figures into a folder.

    Parameters
    ----------
    study
        A fitted study.
    folder
        Where ``NAME.png``, ``NAME.svg``, ``NAME.csv`` and a ``README.md`` that shows them are
        written; it is made if missing.
    names
        Names of figures, None for all.
    progress
        Called after each figure with its outcome.

    Returns
    -------
    list of Outcome
        Name and ``"new"``, ``"changed"``, ``"same"`` or, for a figure that is left out because
        the study holds nothing to draw, ``"no data"`` (files of an earlier study are removed).

    Raises
    ------
    InputError
        If a name is unknown, or the folder is a file, holds another file under the name of a
        figure, or is being written by another process or thread.
    """
    figures = select_figures(names)
    folder = Path(folder)
    check_figures_folder(folder)
    with explain_write_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with lock_folder(folder):
            # The list comes first, so that figures whose writer was killed are known as figures.
            write_file(folder / README, _readme({*_listed_figures(folder), *(figure.name for figure in figures)}))
            outcomes = []
            for figure, files in zip(figures, _draw_all(figures, study), strict=True):
                outcomes.append(_save(figure, files, folder))
                if progress is not None:
                    progress(outcomes[-1])
            write_file(folder / README, _readme(_drawn_figures(folder)))
    return outcomes


def check_figures_folder(folder: str | Path) -> None:
    """Check that drawing into a folder replaces nothing but figures and the page that lists them.

    Raises
    ------
    InputError
        If the folder is a file, or has a file or link of the name of a figure that was not written as one.
    """
    folder = Path(folder)
    with explain_write_errors(folder):
        nearest = next(path for path in (folder.resolve(), *folder.resolve().parents) if os.path.lexists(path))
        if not nearest.is_dir():
            raise InputError("is a file, not a folder", where=str(folder), fix="name another folder for the figures")
        own = {f"{name}{suffix}" for name in _listed_figures(folder) for suffix in SUFFIXES}
        if _is_own_page(folder / README):
            own.add(README)
        names = [README, *(f"{name}{suffix}" for name in FIGURES for suffix in SUFFIXES)]
        for name in names:
            path = folder / name
            if os.path.lexists(path) and (name not in own or path.is_symlink() or not path.is_file()):
                raise InputError(
                    f"holds '{name}', which is no figure that was written there",
                    where=str(folder),
                    fix="name another folder for the figures",
                )


def _listed_figures(folder: Path) -> list[str]:
    """Return the figures that the page of a folder lists, if these were written here."""
    if not _is_own_page(folder / README):
        return []
    text = (folder / README).read_text("utf-8", "replace")
    return [name for name in FIGURES if f"\n## {name}\n" in text]


def _is_own_page(path: Path) -> bool:
    is_plain = path.is_file() and not path.is_symlink()
    return is_plain and path.read_bytes()[: len(LEAD)] == LEAD.encode()


def _drawn_figures(folder: Path) -> set[str]:
    return {name for name in FIGURES if (folder / f"{name}.png").exists()}


def _draw_all(figures: Sequence[Figure], study: Study) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield the files of each figure; many are drawn in several processes, while this one makes the next tables."""
    drawings = (_drawing(figure, study) for figure in figures)
    if len(figures) < PARALLEL_FROM or (os.cpu_count() or 1) == 1:
        return map(_render, drawings)
    # Loaded once, for all processes that are forked.
    for module in ("backend_agg", "backend_svg"):
        import_module(f"matplotlib.backends.{module}")
    font_path()
    return parallel_map(_render, drawings, n_jobs=-1)


def _save(figure: Figure, files: tuple[bytes, bytes, bytes], folder: Path) -> Outcome:
    paths = [folder / f"{figure.name}{suffix}" for suffix in SUFFIXES]
    if not any(files):
        for path in paths:
            path.unlink(missing_ok=True)
        return Outcome(figure.name, "no data")
    existed = any(path.exists() for path in paths)
    changed = [write_file(path, content) for path, content in zip(paths, files, strict=True)]
    if not any(changed):
        return Outcome(figure.name, "same")
    return Outcome(figure.name, "changed" if existed else "new")


class _Drawing(NamedTuple):
    """What a process needs to draw a figure."""

    draw: Callable[[pd.DataFrame, Axes | None], Axes]
    size: tuple[float, float]
    table: pd.DataFrame
    sentence: Label


def _drawing(figure: Figure, study: Study) -> _Drawing | None:
    """Make the table of a figure; None where it is empty."""
    table = figure.table(study)
    return None if table.empty else _Drawing(figure.draw, figure.size(table), table, figure.sentence(table))


def _render(drawing: _Drawing | None) -> tuple[bytes, bytes, bytes]:
    """Return the PNG, the SVG and the CSV, drawn without pyplot, which would open windows; nothing of no drawing."""
    if drawing is None:
        return b"", b"", b""
    from matplotlib import rc_context, rcParams
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Picture

    with figure_style():
        picture = Picture(figsize=drawing.size, dpi=rcParams["savefig.dpi"])
        # It keeps the sizes of texts that were measured.
        FigureCanvasAgg(picture)
        write_answer(picture, drawing.sentence)
        drawing.draw(drawing.table, picture.add_subplot())
        _place_missing_axis_names(picture)
        _lay_out(picture)
        # A figure with a layout engine, one that does nothing as well, is drawn once more before it is saved.
        with rc_context({"figure.constrained_layout.use": False}):
            picture.set_layout_engine(None)
            cut = _extent(picture)
            _keep_axis_names(picture)
            png, svg = BytesIO(), StringIO()
            picture.savefig(png, format="png", bbox_inches=cut, **PNG)
            picture.savefig(svg, format="svg", bbox_inches=cut, **SVG)
    data = to_csv(drawing.table, float_format="%.6g")
    # Titles may hold characters that XML does not take.
    return png.getvalue(), NO_XML.sub(REPLACEMENT, svg.getvalue()).encode(), data.encode()


def _place_missing_axis_names(picture: Picture) -> None:
    """Give the names that axes do not have a place, for which each drawing would measure all ticks."""
    for ax in picture.axes:
        for axis in (ax.xaxis, ax.yaxis):
            if not axis.label.get_text():
                axis.set_label_coords(0, 0)


def _lay_out(picture: Picture) -> None:
    """Compute the layout and round it: the last digits of the solver differ from run to run, and so would files."""
    engine = picture.get_layout_engine()
    if engine is not None:
        engine.execute(picture)
    for text in picture.texts:
        x, y = text.get_position()
        text.set_position((round(x, POSITION_DIGITS), round(y, POSITION_DIGITS)))
    for ax in picture.axes:
        left, bottom, width, height = (round(side, POSITION_DIGITS) for side in ax.get_position(original=True).bounds)
        ax.set_position((left, bottom, width, height))
        # `set_position` takes the axes out of the layout, and what is not in it is cut off with the margins.
        ax.set_in_layout(True)


def _extent(picture: Picture) -> Bbox:
    """Return what is drawn of a picture and the margin around it, in inches."""
    from matplotlib import rcParams
    from matplotlib.transforms import Bbox

    bounds = picture.get_tightbbox().padded(rcParams["savefig.pad_inches"])
    return Bbox(bounds.get_points().round(POSITION_DIGITS))


def _keep_axis_names(picture: Picture) -> None:
    """Leave the names of axes where the layout has put them, so that no format looks for their place anew."""
    for ax in picture.axes:
        for axis in (ax.xaxis, ax.yaxis):
            to_axes = axis.label.get_transform() - ax.transAxes
            axis.set_label_coords(*to_axes.transform(axis.label.get_position()))


def _readme(names: Collection[str]) -> bytes:
    """Write the page that shows some figures; its first lines mark what was written here."""
    present = [figure for figure in FIGURES.values() if figure.name in names]
    sections = [
        f"## {figure.name}\n\n**{figure.question}**\n\n![{figure.question}]({figure.name}.png)\n\n{figure.caption}\n\n"
        f"[data]({figure.name}.csv) · [vector]({figure.name}.svg)\n"
        for figure in present
    ]
    return "\n".join([LEAD, *sections]).encode()
