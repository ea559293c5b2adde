"""The command ``rare-topics``; the only module that prints."""

from __future__ import annotations

import argparse
import io
import logging
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from rare_topics.errors import REPLACEMENT, UNPRINTABLE, InputError, shown_in_line

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from rare_topics.study import LocalPipeline, Study

DESCRIPTION = "Topics, clusters and a map of Chinese and English news, each statement with its quote."
EXAMPLES = """examples:
  rare-topics run                        the pages in seeds/ into build/
  rare-topics run news.csv --out news    a table with the columns title and text
  rare-topics run news --spark local[*]  a large archive, on every core of this machine
  rare-topics run s3a://archive/2025 --spark spark://HOST:7077 --out s3a://archive/topics
  rare-topics report build               the page of an earlier run again, report.html
  rare-topics report news.csv            one page for a colleague, from a table
  rare-topics add build new_pages        new pages into that run, and what they change
  rare-topics figures                    redraw figures/
  rare-topics notebooks                  run notebooks/ again, in place
"""

# The largest seed that every estimator takes.
MAX_SEED = 2**31 - 1
# Characters of a warning; three parts of an error, each cut to a third of it, stay whole.
MAX_LINE_LENGTH = 3200


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Words of the command line; None takes those of the process.

    Returns
    -------
    int
        0, or 2 where the input or the arguments cannot be used; one line on stderr says why.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What the terminal cannot show is no reason to stop.
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    # The compilation of the loops, which makes the first run slower than the next ones, is logged as information.
    logging.getLogger("rare_topics.topics").setLevel(logging.INFO)
    try:
        _check_options(options)
        return int(options.command(options))
    except InputError as error:
        _print_warnings([str(error)])
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _print_warnings([f"{where}{error.strerror or error}"])
    except KeyboardInterrupt:
        print("rare-topics: interrupted before the end", file=sys.stderr)
    return 2


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, as all errors of the command are."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"rare-topics: {shown_in_line(message)}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rare-topics",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"rare-topics {version('rare-topics')}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="read pages or a table, and write tables, figures, a report and a manifest")
    _run_options(run)
    run.set_defaults(command=_run)

    add = commands.add_parser("add", help="add new pages to a saved study or a run, and say what has changed")
    add.add_argument("study", type=Path, metavar="STUDY", help="folder of a saved study, or of a run")
    add.add_argument("input", type=Path, metavar="INPUT", help="pages or table with the new articles")
    add.add_argument("--out", type=Path, metavar="DIR", help="folder to write (default: STUDY, whose place it takes)")
    _limit_option(add)
    add.set_defaults(command=_add)

    summary = "write one page that a browser opens without the net"
    details = "INPUT may also be the folder of a run or of a saved study, which is read and not fitted anew"
    report = commands.add_parser("report", help=summary, description=f"{summary}; {details}")
    _input_options(report)
    report.add_argument(
        "--out", type=Path, default=Path("report.html"), metavar="FILE", help="page to write (default: report.html)"
    )
    report.set_defaults(command=_report)

    figures = commands.add_parser("figures", help="redraw the figures of the pages in seeds/, or those named")
    figures.add_argument("names", nargs="*", metavar="NAME", help="figures to draw (default: all)")
    figures.add_argument("--input", type=Path, default=Path("seeds"), help="pages or table (default: seeds)")
    figures.add_argument("--out", type=Path, default=Path("figures"), metavar="DIR", help="folder (default: figures)")
    figures.add_argument("--random-state", type=int, default=0, metavar="N", help="seed (default: 0)")
    _limit_option(figures)
    figures.set_defaults(
        command=_figures, topics=None, clusters=None, lexicon=None, glosses=None, themes=None, role_encoder=False
    )

    notebooks = commands.add_parser("notebooks", help="run the notebooks again, in place")
    notebooks.add_argument(
        "folder", nargs="?", type=Path, default=Path("notebooks"), help="folder (default: notebooks)"
    )
    notebooks.set_defaults(command=_notebooks)
    return parser


def _run_options(parser: argparse.ArgumentParser) -> None:
    _input_options(parser)
    parser.add_argument("--out", default="build", metavar="DIR", help="folder to write (default: build)")
    parser.add_argument("--no-figures", dest="figures", action="store_false", help="write no figures")
    parser.add_argument("--excel", action="store_true", help="write study.xlsx as well, a sheet for each table")
    parser.add_argument(
        "--spark", metavar="MASTER",
        help="do the steps on Spark: local[N] for N cores of this machine, spark://HOST:7077, yarn or k8s://HOST; "
        "INPUT may then be a glob or an address that Spark reads, and DIR one that it writes",
    )  # fmt: skip


def _input_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "input", nargs="?", default="seeds", metavar="INPUT",
        help="a folder of saved pages, one page, a table .csv .tsv .jsonl .parquet [.gz] .xlsx, a feed .xml or a page "
        ".html (default: seeds)",
    )  # fmt: skip
    parser.add_argument("--topics", type=int, metavar="K", help="number of topics (default: the steadiest)")
    parser.add_argument("--clusters", type=int, metavar="K", help="number of clusters (default: the steadiest)")
    parser.add_argument("--random-state", type=int, default=0, metavar="N", help="seed (default: 0)")
    parser.add_argument("--lexicon", type=Path, metavar="FILE", help="a lexicon of your own, before the package's")
    parser.add_argument(
        "--glosses", type=Path, metavar="FILE", help="another release of CC-CEDICT (default: the installed)"
    )
    parser.add_argument("--themes", type=Path, metavar="FILE", help="themes of your own, instead of the package's")
    parser.add_argument(
        "--role-encoder", action="store_true", help="read roles of countries with a sentence model as well (slow)"
    )
    _limit_option(parser)


def _limit_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit", action="append", default=[], metavar="NAME=N", help="take more or less input than is usual"
    )


def _run(options: argparse.Namespace) -> int:
    if options.spark:
        return _check_and_run(options)
    with _local_pipeline(options) as pipeline:
        return _check_and_run(options, pipeline)


@contextmanager
def _local_pipeline(options: argparse.Namespace) -> Iterator[LocalPipeline]:
    """Read texts in one process and keep another for the map, while this one imports what the steps need."""
    from rare_topics.corpus.limits import Limits
    from rare_topics.runtime.parallel import helper_process
    from rare_topics.study.state import StudySettings
    from rare_topics.study.text_reading import read_texts

    limits = Limits.from_settings(options.limit)
    with helper_process() as reader:
        settings = StudySettings(**_settings(options))
        reading = reader.submit(read_texts, options.input, settings=settings, limits=limits) if reader else None
        # What takes longest to import is shared with the second helper.
        import rare_topics.projection  # noqa: F401

        with helper_process() as helper:
            from rare_topics.study import LocalPipeline

            yield LocalPipeline(helper=helper, reading=reading)


def _check_and_run(options: argparse.Namespace, pipeline: LocalPipeline | None = None) -> int:
    from rare_topics.export import check_run_folder
    from rare_topics.export.spark_folder import is_url
    from rare_topics.runtime.atomic_write import reserve_folder
    from rare_topics.study.checkpoints import checkpoint_folder, remove_checkpoints

    if is_url(options.out) and not options.spark:
        raise InputError("an address, which Spark writes", where=options.out, fix="say where, by --spark MASTER")
    inputs = (options.input, options.lexicon, options.glosses, options.themes)
    if not is_url(options.out):
        check_run_folder(options.out, inputs=inputs)
    if options.spark:
        _run_on_spark(options, inputs)
        return 0
    out = Path(options.out)
    checkpoints = checkpoint_folder(out)
    with reserve_folder(out):
        _fit_and_write(options, checkpoints=checkpoints, pipeline=pipeline)
        remove_checkpoints(checkpoints)
    return 0


def _run_on_spark(options: argparse.Namespace, inputs: Sequence[str | Path | None]) -> None:
    from rare_topics.export.run_folder import check_run_url
    from rare_topics.export.spark_folder import checkpoint_url, is_url, remove_steps
    from rare_topics.spark import session, ui_address

    checkpoints = checkpoint_url(options.out)
    with session(options.spark) as spark:
        if is_url(options.out):
            check_run_url(options.out, spark, inputs=inputs)
        if address := ui_address(spark):
            print(f"rare-topics: Spark shows its work at {address}", file=sys.stderr)
        _fit_and_write(options, checkpoints=checkpoints, spark=spark)
        remove_steps(checkpoints, spark)


def _fit_and_write(
    options: argparse.Namespace,
    *,
    checkpoints: str | Path,
    pipeline: LocalPipeline | None = None,
    spark: SparkSession | None = None,
) -> None:
    from rare_topics.export import write_run

    study = _fit_study(options, checkpoints=checkpoints, pipeline=pipeline, spark=spark)
    write_run(study, options.out, figures=options.figures, excel=options.excel)
    _print_warnings(study.warnings)
    n_articles = study.tables["articles"].count() if spark else len(study.corpus)
    print(f"{n_articles} articles, {len(study.topics)} topics, {study.state.clusterer.n_clusters_} clusters")
    _print_line(f"written to {options.out}")


def _add(options: argparse.Namespace) -> int:
    from rare_topics.corpus.corpus import read
    from rare_topics.corpus.limits import Limits
    from rare_topics.export import check_run_folder, is_run, write_run
    from rare_topics.export.run_folder import WORKBOOK
    from rare_topics.runtime.atomic_write import check_apart, reserve_folder
    from rare_topics.study import load
    from rare_topics.study.storage import check_study_folder

    out = options.out or options.study
    check_apart([options.input], out)
    check_folder = check_run_folder if is_run(options.study) else check_study_folder
    check_folder(out)
    arrivals = read(options.input, limits=Limits.from_settings(options.limit))
    with reserve_folder(out):
        updated = load(options.study).add(arrivals)
        if is_run(options.study):
            figures, excel = (options.study / "figures").is_dir(), (options.study / WORKBOOK).is_file()
            write_run(updated, out, figures=figures, excel=excel)
        else:
            updated.save(out)
    _print_warnings(updated.warnings)
    for line in updated.diff.lines() if updated.diff else ():
        _print_line(line)
    _print_line(f"written to {out}")
    return 0


def _print_warnings(warnings: Sequence[str]) -> None:
    for warning in warnings:
        print(f"rare-topics: {shown_in_line(warning, max_length=MAX_LINE_LENGTH)}", file=sys.stderr)


def _print_line(line: str) -> None:
    """Print a line on stdout, in characters that a terminal does not obey."""
    print(UNPRINTABLE.sub(REPLACEMENT, line))


def _check_options(options: argparse.Namespace) -> None:
    """Refuse names and numbers that nothing can be done with, before anything is read."""
    from rare_topics.corpus.limits import check_file_name

    for option in ("study", "input", "out", "folder", "lexicon", "glosses", "themes"):
        value = getattr(options, option, None)
        if value is not None and "\0" not in str(value):
            check_file_name(value)
    seed = getattr(options, "random_state", 0)
    if not 0 <= seed <= MAX_SEED:
        raise InputError(f"the seed is {seed}", where="--random-state", fix=f"give a whole number from 0 to {MAX_SEED}")


def _report(options: argparse.Namespace) -> int:
    from rare_topics.report import check_report_path, write_report
    from rare_topics.runtime.atomic_write import check_apart
    from rare_topics.study import load
    from rare_topics.study.storage import is_saved

    check_report_path(options.out)
    check_apart([options.input, options.lexicon, options.glosses, options.themes], options.out)
    if is_saved(options.input):
        study = load(options.input)
    else:
        with _local_pipeline(options) as pipeline:
            study = _fit_study(options, pipeline=pipeline)
    write_report(study, options.out)
    _print_line(f"{len(study.corpus)} articles, written to {options.out}")
    return 0


def _figures(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from rare_topics.figures import check_figures_folder, save_figures, select_figures

    wanted = select_figures(options.names or None)
    check_figures_folder(options.out)
    with _local_pipeline(options) as pipeline:
        study = _fit_study(options, pipeline=pipeline)
    with tqdm(total=len(wanted), disable=None, leave=False, unit="figure") as bar:
        outcomes = save_figures(study, options.out, names=options.names or None, progress=lambda _: bar.update())
    for outcome in outcomes:
        print(f"{outcome.name}: {outcome.status}")
    return 0


def _notebooks(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from rare_topics.export.notebooks import list_notebooks, update_notebook

    with tqdm(list_notebooks(options.folder), disable=None, leave=False, unit="notebook") as bar:
        for path in bar:
            bar.set_description(path.name)
            bar.write(f"{path.name}: {'changed' if update_notebook(path) else 'same'}", file=sys.stdout)
    return 0


def _fit_study(
    options: argparse.Namespace,
    *,
    checkpoints: str | Path | None = None,
    pipeline: LocalPipeline | None = None,
    spark: SparkSession | None = None,
) -> Study:
    from rare_topics.corpus.limits import Limits
    from rare_topics.runtime.progress import step_progress, text_progress_bar
    from rare_topics.study import STEPS, Study

    study = Study(**_settings(options), spark=spark or pipeline)
    limits = Limits.from_settings(options.limit)
    progress_bar = step_progress(sys.stderr.isatty(), total=len(STEPS) + 1, detail=_spark_progress(spark))
    with warnings.catch_warnings(), progress_bar as begin_step, text_progress_bar():
        warnings.simplefilter("ignore")
        begin_step("reading")
        return study.fit(options.input, progress=begin_step, checkpoints=checkpoints, limits=limits)


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return what a study is asked for, by the names of its parameters."""
    named = {"n_topics": options.topics, "n_clusters": options.clusters}
    same = ("lexicon", "glosses", "themes", "role_encoder", "random_state")
    return {**named, **{name: getattr(options, name) for name in same}}


def _spark_progress(spark: SparkSession | None) -> Callable[[], str] | None:
    """Return what tells how many tasks of Spark's running stages are done; None without Spark."""
    if spark is None:
        return None
    from rare_topics.spark import running_tasks

    return partial(running_tasks, spark)
