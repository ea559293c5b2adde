"""How a run on Spark grows: seconds per step, memory of the processes, bytes sent between them.

    python tests/benchmarks/scaling_spark.py [1000 5000 10000 ...] [--cores 1 2] [--out DIR]

Each size is drawn (see `archive.py`) and read in a fresh process by ``local[N]``, for every N
asked for: the same archive on more cores is strong scaling, and an archive that is larger by as
much as there are more cores weak scaling. What a stage writes for others to read is asked of
Spark's own page. Measured are the processes of this machine: one Java process, which is driver
and executor in one, and its Python workers. Every run takes its row in ``scaling_spark.csv`` as
it ends, in the place of an earlier one of the same size and cores; ``.png`` and ``.svg`` show
all rows.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import archive
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).resolve().parent / "figures"
sys.path.insert(0, str(ROOT))

# An archive is written in files of so many articles, which Spark reads side by side.
PER_FILE = 2000
TOPICS = CLUSTERS = 20
MIB = 2**20
# What names a run in the table.
RUN = ("articles", "cores")
EVERY = 0.25
KEPT = {"spark.ui.retainedJobs": "100000", "spark.ui.retainedStages": "100000", "spark.ui.retainedTasks": "1000000"}


class Memory(threading.Thread):
    """Watch the processes of a run; keep the most that each kind has held."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peaks = {"driver_mib": 0.0, "java_mib": 0.0, "worker_mib": 0.0}
        self.pid, self.ended = pid, threading.Event()

    def run(self) -> None:
        import psutil

        while not self.ended.wait(EVERY):
            try:
                root = psutil.Process(self.pid)
                for process in (root, *root.children(recursive=True)):
                    # What Java has just forked holds all that Java does, and has the name of a thread.
                    kind = "worker_mib" if process.name().startswith("python") else "java_mib"
                    kind = "driver_mib" if process.pid == self.pid else kind
                    self.peaks[kind] = max(self.peaks[kind], process.memory_info().rss / MIB)
            except psutil.Error:
                continue


def write(folder: Path, n: int) -> Path:
    """Draw an archive into files of a few thousand articles."""
    folder.mkdir()
    for number, row in enumerate(archive.articles(n)):
        if number % PER_FILE == 0:
            file = (folder / f"part-{number // PER_FILE:05d}.jsonl").open("w", encoding="utf-8")
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        if number % PER_FILE == PER_FILE - 1 or number == n - 1:
            file.close()
    return folder


def one_run(path: str, cores: str, out: str) -> dict[str, float]:
    """Fit and write an archive in this process; give seconds and bytes per step."""
    from rare_topics.export.run_folder import write_run
    from rare_topics.spark import session, ui_address
    from rare_topics.study import Study

    begun = time.perf_counter()
    with session(f"local[{cores}]", KEPT) as spark:

        def begin(step: str) -> None:
            spark.sparkContext.setJobGroup(step, step)

        started = time.perf_counter() - begun
        begin("reading")
        study = Study(n_topics=TOPICS, n_clusters=CLUSTERS, spark=spark).fit(path, progress=begin)
        begin("files")
        fitted = time.perf_counter()
        write_run(study, out, figures=False)
        seconds = {"start": started, **study.seconds}
        seconds["placing"] = fitted - begun - sum(seconds.values())
        seconds["files"] = time.perf_counter() - fitted
        sent = shuffled(ui_address(spark), spark.sparkContext.applicationId)
    seconds["total"] = time.perf_counter() - begun
    return {**seconds, **{f"{step}_bytes": size for step, size in sent.items()}}


def shuffled(page: str, application: str) -> dict[str, int]:
    """Ask Spark how many bytes the stages of each step wrote for other stages to read."""
    root = f"{page}/api/v1/applications/{application}"
    stages: dict[int, int] = {}
    for stage in _asked(f"{root}/stages"):
        stages[stage["stageId"]] = stages.get(stage["stageId"], 0) + stage["shuffleWriteBytes"]
    steps: dict[str, int] = {}
    for job in sorted(_asked(f"{root}/jobs"), key=lambda job: job["jobId"]):
        step = job.get("jobGroup", "")
        # A stage whose output is used again belongs to the step that needed it first.
        steps[step] = steps.get(step, 0) + sum(stages.pop(number, 0) for number in job["stageIds"])
    return steps


def _asked(address: str) -> list[dict[str, object]]:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - this machine's own page
        return json.load(answer)


def measured(path: Path, cores: int, out: Path) -> dict[str, float]:
    """Run one archive in a process of its own, which gets no more cores than asked for, and watch it."""
    # Java and the driver's own threads would take all cores that there are.
    shared = ["taskset", "-c", ",".join(map(str, sorted(os.sched_getaffinity(0))[:cores]))]
    command = [*shared, sys.executable, __file__, "--one", str(path), str(cores), str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as child:
        memory = Memory(child.pid)
        memory.start()
        answer, _ = child.communicate()
        memory.ended.set()
    if child.returncode:
        raise RuntimeError(f"{path} on {cores} cores failed")
    return {**json.loads(answer.splitlines()[-1]), **memory.peaks}


def keep(row: dict[str, float], file: Path) -> pd.DataFrame:
    """Put a run into the table, in the place of an earlier one of the same size and cores."""
    table = pd.DataFrame([row]).round(3)
    if file.exists():
        table = pd.concat([pd.read_csv(file), table])
    table = table.drop_duplicates(list(RUN), keep="last").sort_values(list(RUN), ignore_index=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(file, index=False, lineterminator="\n")
    return table


def efficiency(data: pd.DataFrame, *, weak: bool) -> dict[int, list[tuple[int, float]]]:
    """Compare runs on several cores with that on one.

    Returns
    -------
    dict of int to list of (cores, efficiency)
        By articles a core where `weak`, else by articles; 1 means that no core is wasted.
    """
    seconds = {(int(row.articles), int(row.cores)): row.total for row in data.itertuples()}
    found: dict[int, list[tuple[int, float]]] = {}
    for (articles, cores), total in sorted(seconds.items(), key=lambda run: run[0][::-1]):
        alone = seconds.get((articles // cores if weak else articles, 1))
        if alone is not None and (cores == 1 or not weak or articles % cores == 0):
            ratio = alone / total if weak else alone / total / cores
            found.setdefault(articles // cores if weak else articles, []).append((cores, ratio))
    return {size: points for size, points in found.items() if len(points) > 1}


def draw(data: pd.DataFrame, folder: Path) -> None:
    """Draw time, what a second core gives, what a worker holds and what is sent."""
    from matplotlib.figure import Figure

    from rare_topics.plots import figure_style

    with figure_style():
        canvas = Figure(figsize=(10, 7.4), layout="constrained")
        (times, cores_used), (memory, sent) = canvas.subplots(2, 2)
        for cores, runs in data.groupby("cores"):
            label = f"{cores} core{'s' * (cores > 1)}"
            times.plot(runs["articles"], runs["total"], marker="o", label=label)
            memory.plot(runs["articles"], runs["worker_mib"] / 1024, marker="o", label=label)
            sent.plot(runs["articles"], runs["bytes_per_article"] / 1000, marker="o", label=label)
        for weak, line in ((False, "-"), (True, "--")):
            for size, points in efficiency(data, weak=weak).items():
                name = f"{size:,} articles a core (weak)" if weak else f"{size:,} articles (strong)"
                cores_used.plot(*zip(*points, strict=True), line, marker="o", label=name)
        most = int(data["cores"].max())
        cores_used.set(xticks=range(1, most + 1), xlabel="cores", ylabel="efficiency", ylim=(0, None))
        times.set(xscale="log", yscale="log", xlabel="articles", ylabel="seconds", title="Time of a run")
        cores_used.set(title="What a core more is worth")
        memory.set(
            xscale="log", xlabel="articles", ylabel="GiB", ylim=(0, None), title="Most memory of a Python worker"
        )
        sent.set(xscale="log", xlabel="articles", ylabel="kB", ylim=(0, None), title="Sent between stages, per article")
        # The style takes no dollar sign for mathematics, which labels of powers are written in.
        for axis in (times.xaxis, times.yaxis, memory.xaxis, sent.xaxis):
            axis.set_major_formatter("{x:,g}")
            axis.set_minor_formatter("")
        times.legend()
        cores_used.legend()
        canvas.savefig(folder / "scaling_spark.png", metadata={"Software": None})
        canvas.savefig(folder / "scaling_spark.svg", metadata={"Date": None, "Creator": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=[1000, 5000, 10_000], metavar="N", help="articles")
    parser.add_argument("--cores", nargs="+", type=int, default=[1, 2], metavar="N")
    parser.add_argument("--out", type=Path, default=FIGURES, metavar="DIR", help="folder of the figure")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one_run(*options.one)))
        return
    for size in options.sizes:
        for cores in options.cores:
            with tempfile.TemporaryDirectory() as place:
                path = write(Path(place, "archive"), size)
                row = {"articles": size, "cores": cores, **measured(path, cores, Path(place, "out"))}
            row["bytes_per_article"] = sum(v for name, v in row.items() if name.endswith("_bytes")) / size
            print(", ".join(f"{name} {value:,.1f}" for name, value in row.items()), flush=True)
            draw(keep(row, options.out / "scaling_spark.csv"), options.out)


if __name__ == "__main__":
    main()
